//! The fields of the template: one row of this table is one column of the sheet.

use crate::text::{Language, Text};

/// What a field describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The firm and its site.
    Site,
    /// The flow.
    Flow,
    /// What the site may accept.
    Agreement,
}

/// Defines the fields with their code, headings, group and hints.
macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident $code:literal $fr:literal $en:literal $group:ident $hint_fr:literal $hint_en:literal;)*) => {
        /// A field of the template, in the order of its columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $hint_en] $field),*
        }

        impl Field {
            /// Every field, in the order of the columns.
            pub const ALL: &'static [Field] = &[$(Field::$field),*];

            /// The code accepted as a heading in any file, and used in diagnostics.
            pub fn code(self) -> &'static str {
                match self { $(Field::$field => $code),* }
            }

            /// The heading of its column.
            pub fn heading(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Field::$field, Language::Fr) => $fr, (Field::$field, Language::En) => $en),*
                }
            }

            /// What to write in it.
            pub fn hint(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Field::$field, Language::Fr) => $hint_fr, (Field::$field, Language::En) => $hint_en),*
                }
            }

            /// What it describes.
            pub fn group(self) -> Group {
                match self { $(Field::$field => Group::$group),* }
            }
        }
    };
}

fields! {
    Firm "firm" "Entreprise" "Firm" Site
        "Nom de l'entreprise."
        "Name of the firm.";
    FirmId "firm_id" "SIREN ou identifiant" "SIREN or identifier" Site
        "9 chiffres, CVR:…, EPRTR:… ou le vôtre."
        "9 digits, CVR:…, EPRTR:… or your own.";
    Site "site" "Établissement" "Site" Site
        "Nom de l'établissement ; vide si l'entreprise n'en a qu'un."
        "Name of the site; empty when the firm has only one.";
    SiteId "site_id" "SIRET ou identifiant" "SIRET or identifier" Site
        "14 chiffres, EPRTR:… ou le vôtre."
        "14 digits, EPRTR:… or your own.";
    Activity "activity" "Activité (NAF)" "Activity (NACE)" Site
        "Code d'activité : 20.13B, 2013B ou C20.13."
        "Activity code: 20.13B, 2013B or C20.13.";
    Commune "commune" "Commune (INSEE)" "Commune (INSEE)" Site
        "Code INSEE, ou nom et département : Grande-Synthe (59)."
        "INSEE code, or name and department: Grande-Synthe (59).";
    Latitude "latitude" "Latitude" "Latitude" Site
        "Degrés décimaux, WGS 84 : 51,0137."
        "Decimal degrees, WGS 84: 51.0137.";
    Longitude "longitude" "Longitude" "Longitude" Site
        "Degrés décimaux, WGS 84 : 2,3021."
        "Decimal degrees, WGS 84: 2.3021.";
    Headcount "headcount" "Effectif" "Headcount" Site
        "Nombre entier de personnes."
        "Whole number of people.";
    Icpe "icpe" "Rubriques ICPE" "ICPE rubrics" Site
        "Rubriques séparées par des points-virgules : 2718;2790."
        "Rubrics separated by semicolons: 2718;2790.";
    Ref "ref" "Réf." "Ref." Flow
        "Votre référence du flux, unique dans l'établissement et le sens."
        "Your own reference of the flow, unique in its site and direction.";
    Direction "direction" "Sens" "Direction" Flow
        "sortant ou entrant."
        "output or input.";
    Name "name" "Désignation" "Name" Flow
        "Nom usuel de la ressource."
        "Usual name of the resource.";
    Resource "resource" "Ressource (clé)" "Resource (key)" Flow
        "Clé de la liste : DON:… pour un sortant, mat.… pour un besoin ; vide si inconnue."
        "Key of the list: DON:… for an output, mat.… for a need; empty when unknown.";
    Quantity "quantity" "Quantité" "Quantity" Flow
        "12 ; 12,5 ; 10..15 ; 10 à 15."
        "12; 12.5; 10..15; 10 to 15.";
    QuantityLow "quantity_low" "Quantité basse" "Low quantity" Flow
        "Borne basse, si elle est connue à part."
        "Lower bound, when it is known apart.";
    QuantityHigh "quantity_high" "Quantité haute" "High quantity" Flow
        "Borne haute, si elle est connue à part."
        "Upper bound, when it is known apart.";
    Unit "unit" "Unité" "Unit" Flow
        "t, kg, m3, L, MWh, palettes…"
        "t, kg, m3, L, MWh, pallets…";
    Period "period" "Période" "Period" Flow
        "an, mois, semaine, jour, trimestre ; lot pour une seule fois."
        "year, month, week, day, quarter; once for a lot.";
    Profile "profile" "Profil" "Profile" Flow
        "Vide ou constant ; 09-12 pour une campagne ; mensuel si les douze mois sont remplis."
        "Empty or constant; 09-12 for a campaign; monthly when the twelve months are filled in.";
    M01 "m01" "Janv." "Jan." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M02 "m02" "Févr." "Feb." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M03 "m03" "Mars" "March" Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M04 "m04" "Avril" "April" Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M05 "m05" "Mai" "May" Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M06 "m06" "Juin" "June" Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M07 "m07" "Juil." "July" Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M08 "m08" "Août" "Aug." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M09 "m09" "Sept." "Sept." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M10 "m10" "Oct." "Oct." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M11 "m11" "Nov." "Nov." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    M12 "m12" "Déc." "Dec." Flow
        "Poids du mois, à l'échelle que vous voulez."
        "Weight of the month, on any scale.";
    AvailableFrom "available_from" "Disponible du" "Available from" Flow
        "Premier jour du lot : 2027-03-01 ou 01/03/2027."
        "First day of the lot: 2027-03-01 or 01/03/2027 (day first).";
    AvailableTo "available_to" "Disponible au" "Available to" Flow
        "Dernier jour du lot."
        "Last day of the lot.";
    WasteCode "waste_code" "Code déchet" "Waste code" Flow
        "Code européen : 15 01 01, 06 01 01*."
        "European code: 15 01 01, 06 01 01*.";
    Hazardous "hazardous" "Dangereux" "Hazardous" Flow
        "oui ou non."
        "yes or no.";
    Density "density" "Densité (t/m3)" "Density (t/m3)" Flow
        "Telle que chargée : 0,4 ou 0,4..0,6."
        "As loaded: 0.4 or 0.4..0.6.";
    HeatingValue "heating_value" "PCI (MWh/t)" "Heating value (MWh/t)" Flow
        "Pouvoir calorifique inférieur : 4,2 ou 4..4,5."
        "Lower heating value: 4.2 or 4..4.5.";
    Properties "properties" "Propriétés" "Properties" Flow
        "chloride_pct=0,05; moisture_pct=8..12; polymer=PEHD ; origine et date entre parenthèses si connues."
        "chloride_pct=0.05; moisture_pct=8..12; polymer=PEHD; method and date in brackets when known.";
    StorageCapacity "storage_capacity" "Capacité de stockage" "Storage capacity" Flow
        "Dans l'unité du flux."
        "In the unit of the flow.";
    ShelfLifeDays "shelf_life_days" "Durée de conservation (j)" "Shelf life (days)" Flow
        "Nombre entier de jours."
        "Whole number of days.";
    Counterpart "counterpart" "Exutoire ou fournisseur actuel" "Present outlet or supplier" Flow
        "Avec vos mots."
        "In your own words.";
    Price "price" "Coût évitable (EUR/unité)" "Avoidable cost (EUR/unit)" Flow
        "Ce qui cesse quand une unité de moins circule ; négatif si le sortant est vendu. 80 ou 60..100."
        "What stops when one unit less flows; negative when the output is sold. 80 or 60..100.";
    PriceUnit "price_unit" "Unité du coût" "Unit of the cost" Flow
        "Vide = unité du flux."
        "Empty = unit of the flow.";
    PriceYear "price_year" "Année du coût" "Year of the cost" Flow
        "2026."
        "2026.";
    TakeOrPay "take_or_pay" "Minimum payé par an" "Paid minimum per year" Flow
        "Quantité payée même si elle n'est pas livrée, dans l'unité du flux."
        "Quantity paid whether used or not, in the unit of the flow.";
    ContractEnd "contract_end" "Fin de contrat" "End of contract" Flow
        "Dernier jour."
        "Last day.";
    Partner "partner" "Partenaire (établissement)" "Partner (site)" Flow
        "Identifiant ou nom de l'établissement déclaré à l'autre bout d'un échange qui existe déjà."
        "Identifier or name of the declared site at the other end of an exchange that exists already.";
    MinimumLot "minimum_lot" "Lot minimal par an" "Minimum lot per year" Flow
        "Dans l'unité du flux."
        "In the unit of the flow.";
    MaximumDistance "maximum_distance" "Distance acceptée (km)" "Accepted distance (km)" Flow
        "Nombre de kilomètres."
        "Number of kilometres.";
    Method "method" "Origine de la donnée" "Origin of the figure" Flow
        "mesuré, facturé, estimé ou ratio."
        "measured, invoiced, estimated or generic.";
    SourceYear "source_year" "Année de la donnée" "Year of the figure" Flow
        "2025."
        "2025.";
    Source "source" "Source" "Source" Flow
        "Document, page."
        "Document, page.";
    ValidFrom "valid_from" "Valable du" "Valid from" Flow
        "Premier jour où la déclaration vaut."
        "First day on which the declaration holds.";
    ValidTo "valid_to" "Valable au" "Valid to" Flow
        "Dernier jour où la déclaration vaut."
        "Last day on which the declaration holds.";
    Visibility "visibility" "Visibilité" "Visibility" Flow
        "privé, animateur, zone ou public."
        "private, animator, zone or public.";
    Comment "comment" "Commentaire" "Comment" Flow
        "Libre, jamais lu par le calcul."
        "Free, never read by the solver.";
    AgreementReference "agreement_reference" "Agrément : référence" "Agreement: reference" Agreement
        "Numéro de l'arrêté ou de l'agrément."
        "Number of the decree or approval.";
    AgreementWasteCodes "agreement_waste_codes" "Agrément : codes acceptés" "Agreement: accepted codes" Agreement
        "Codes séparés par des points-virgules : 12 01 09*; 13 02 05*."
        "Codes separated by semicolons: 12 01 09*; 13 02 05*.";
    AgreementQuantity "agreement_quantity" "Agrément : quantité par an" "Agreement: quantity per year" Agreement
        "Nombre, tous codes ensemble."
        "Number, all codes together.";
    AgreementUnit "agreement_unit" "Agrément : unité" "Agreement: unit" Agreement
        "t."
        "t.";
    AgreementFrom "agreement_from" "Agrément : valable du" "Agreement: valid from" Agreement
        "Premier jour."
        "First day.";
    AgreementTo "agreement_to" "Agrément : valable au" "Agreement: valid to" Agreement
        "Dernier jour."
        "Last day.";
}

impl Field {
    /// The months of a profile, January first.
    pub const MONTHS: [Field; 12] = [
        Field::M01,
        Field::M02,
        Field::M03,
        Field::M04,
        Field::M05,
        Field::M06,
        Field::M07,
        Field::M08,
        Field::M09,
        Field::M10,
        Field::M11,
        Field::M12,
    ];

    /// The six fields that are enough for a first result.
    pub const REQUIRED: [Field; 6] = [
        Field::Firm,
        Field::Direction,
        Field::Name,
        Field::Quantity,
        Field::Unit,
        Field::Period,
    ];

    /// Whether a flow cannot be read without it.
    pub fn is_required(self) -> bool {
        Field::REQUIRED.contains(&self)
    }

    /// What may be written in it, as a text that can be copied.
    pub fn example(self) -> Text {
        let (fr, en) = match self {
            Field::Firm => ("Entreprise A", "Firm A"),
            Field::Name => ("chutes de bois", "wood offcuts"),
            Field::Direction => ("sortant » ou « entrant", "output\" or \"input"),
            Field::Quantity => ("12,5 » ou « 10..15", "12.5\" or \"10..15"),
            Field::Unit => ("t » ou « kg » ou « m3", "t\" or \"kg\" or \"m3"),
            Field::Period => (
                "an » ou « mois » ou « semaine",
                "year\" or \"month\" or \"week",
            ),
            _ => {
                return Text::new(self.hint(Language::Fr), self.hint(Language::En));
            }
        };
        let (by_fr, by_en) = match self {
            Field::Firm => (
                " le nom de l'entreprise, par exemple",
                " the name of the firm, such as",
            ),
            Field::Name => (" le nom usuel, par exemple", " the usual name, such as"),
            _ => ("", ""),
        };
        Text::new(
            format!("écrivez{by_fr} « {fr} »"),
            format!("write{by_en} \"{en}\""),
        )
    }

    /// The field of a code.
    pub fn from_code(code: &str) -> Option<Field> {
        Field::ALL
            .iter()
            .copied()
            .find(|field| field.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_code_and_headings() {
        let mut codes = std::collections::BTreeSet::new();
        for &field in Field::ALL {
            assert!(codes.insert(field.code()), "{}", field.code());
            assert_eq!(Field::from_code(field.code()), Some(field));
            for language in [Language::Fr, Language::En] {
                assert!(!field.heading(language).is_empty() && !field.hint(language).is_empty());
                let same = Field::ALL
                    .iter()
                    .filter(|other| other.heading(language) == field.heading(language));
                assert_eq!(same.count(), 1, "{}", field.code());
            }
        }
    }
}
