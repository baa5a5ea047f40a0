//! What is wrong in a register, and what is worth knowing of it.

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;

use super::streams::{Fault, Streams, Wrong};
use super::titles::Titles;
use super::tonnes;
use super::year::Covered;
use crate::limits;
use crate::reading::Reading;
use crate::sheet::letters;

/// A register to tell of.
pub(super) struct Told<'r> {
    pub sheet: &'r str,
    pub heading_row: u32,
    pub titles: &'r Titles,
    pub streams: &'r Streams,
}

/// A place of a sheet.
pub(super) fn place(sheet: &str, row: u32, column: Option<u32>) -> Place {
    Place {
        sheet: sheet.to_owned(),
        row,
        column: column.map_or(String::new(), letters),
        field: String::new(),
    }
}

impl Told<'_> {
    /// Everything, in no order.
    pub fn all(&self, cut: bool, findings: &mut Vec<Diagnostic>) {
        for wrong in &self.streams.wrong {
            findings.push(of_line(wrong).at(place(self.sheet, wrong.row, wrong.column)));
        }
        let mut told = |code, value: &str, cause, fix| {
            let finding = Finding::new(code, None, value, cause, fix);
            findings.push(finding.at(place(self.sheet, self.heading_row, None)));
        };
        let untold = self.streams.untold();
        if untold > 0 {
            told(
                Code::E1003,
                &untold.to_string(),
                Text::new(
                    format!("{untold} autres cellules ont une faute déjà dite mille fois"),
                    format!("{untold} more cells have a fault that was told a thousand times"),
                ),
                Text::new("corrigez la colonne entière", "correct the whole column"),
            );
        }
        if cut {
            told(
                Code::E1003,
                "",
                Text::new(
                    format!(
                        "le registre dépasse {} lignes ou {} flux",
                        limits::LINES,
                        limits::STREAMS
                    ),
                    format!(
                        "the register exceeds {} lines or {} flows",
                        limits::LINES,
                        limits::STREAMS
                    ),
                ),
                Text::new("coupez-le par établissement", "split it by site"),
            );
        }
        let Some((first, last)) = self.streams.span() else {
            if self.streams.wrong.is_empty() {
                told(
                    Code::E1009,
                    "",
                    Text::new(
                        "aucune ligne ne déclare d'expédition",
                        "no line declares a shipment",
                    ),
                    Text::new(
                        "remplissez au moins une ligne sous les en-têtes",
                        "fill in at least one line below the headings",
                    ),
                );
            }
            return;
        };
        self.summary(Covered { first, last }, &mut told);
        self.coverage(Covered { first, last }, &mut told);
        if self.streams.finer > 0 {
            let finer = self.streams.finer;
            told(
                Code::W2802,
                &finer.to_string(),
                Text::new(
                    format!(
                        "{finer} poids ont plus de trois décimales : ils sont sommés et gardés au gramme ; le plan, lui, compte au kilogramme"
                    ),
                    format!(
                        "{finer} weights have more than three decimals: they are summed and kept to the gram; the plan counts to the kilogram"
                    ),
                ),
                Text::new(
                    "trois décimales suffisent : 12,345",
                    "three decimals are enough: 12.345",
                ),
            );
        }
    }

    fn summary(&self, covered: Covered, told: &mut impl FnMut(Code, &str, Text, Text)) {
        let streams = self
            .streams
            .all
            .iter()
            .filter(|stream| !stream.rows.is_empty());
        let flows = streams.clone().count();
        let grams: i64 = streams.flat_map(|stream| stream.months.values()).sum();
        let (lines, unread, planned) = (
            self.streams.lines,
            self.titles.unread,
            self.streams.planned.len(),
        );
        let (from, to, total) = (
            Covered::written(covered.first),
            Covered::written(covered.last),
            tonnes(grams),
        );
        let (more_fr, more_en) = match planned {
            0 => (String::new(), String::new()),
            _ => (
                format!(", {planned} mouvement(s) sans date d'expédition laissé(s) de côté"),
                format!(", {planned} movement(s) without a day of shipment left out"),
            ),
        };
        told(
            Code::I3801,
            &lines.to_string(),
            Text::new(
                format!(
                    "registre de déchets sortants reconnu : {lines} ligne(s), {total} t, de {from} à {to}, réunies en {flows} flux ; {unread} colonne(s) non lue(s){more_fr}"
                ),
                format!(
                    "register of outgoing waste recognised: {lines} line(s), {total} t, from {from} to {to}, joined into {flows} flows; {unread} column(s) not read{more_en}"
                ),
            ),
            Text::new(
                "rien à faire ; le registre n'a ni prix ni besoins : complétez les flux qui comptent",
                "nothing to do; the register has no prices and no needs: complete the flows that matter",
            ),
        );
    }

    fn coverage(&self, covered: Covered, told: &mut impl FnMut(Code, &str, Text, Text)) {
        let months = covered.months();
        let (from, to) = (
            Covered::written(covered.first),
            Covered::written(covered.last),
        );
        if months < 12 {
            told(
                Code::W2801,
                &months.to_string(),
                Text::new(
                    format!(
                        "le registre couvre {months} mois ({from} à {to}), pas une année : chaque flux est compté pour ce qui est déclaré, et jusqu'à 12/{months} de cela si les autres mois sont pareils"
                    ),
                    format!(
                        "the register covers {months} months ({from} to {to}), not a year: each flow is counted as declared, and up to 12/{months} of it if the other months are alike"
                    ),
                ),
                Text::new(
                    "importez les douze mois, ou corrigez les quantités",
                    "import the twelve months, or correct the quantities",
                ),
            );
        } else if months > 12 {
            let from_kept = covered.counts_from();
            let older: i64 = self
                .streams
                .all
                .iter()
                .flat_map(|stream| stream.months.range(..from_kept))
                .map(|(_, grams)| *grams)
                .sum();
            let (kept, older) = (Covered::written(from_kept), tonnes(older));
            told(
                Code::W2801,
                &months.to_string(),
                Text::new(
                    format!(
                        "le registre couvre {months} mois ({from} à {to}) : l'année est celle des douze derniers ({kept} à {to}) ; les {older} t d'avant ne servent qu'aux bornes"
                    ),
                    format!(
                        "the register covers {months} months ({from} to {to}): the year is that of the latest twelve ({kept} to {to}); the {older} t before only serve as bounds"
                    ),
                ),
                Text::new(
                    "importez une seule année si ce n'est pas ce qui est voulu",
                    "import one year only if this is not what is meant",
                ),
            );
        }
    }
}

fn of_line(wrong: &Wrong) -> Finding {
    let (code, cause, fix) = match wrong.fault {
        Fault::Date => (
            Code::E1801,
            Text::new(
                "la date d'expédition n'est pas un jour du calendrier",
                "the day of shipment is no day of the calendar",
            ),
            Text::new(
                "écrivez 2025-03-31 ou 31/03/2025",
                "write 2025-03-31 or 31/03/2025",
            ),
        ),
        Fault::Weight => (
            Code::E1802,
            Text::new(
                "le poids n'est pas un nombre de tonnes entre 0 et 1 000, au gramme près",
                "the weight is no number of tonnes between 0 and 1,000, to the gram",
            ),
            Text::new(
                "écrivez des tonnes avec trois décimales au plus : 12,345",
                "write tonnes with three decimals at most: 12.345",
            ),
        ),
        Fault::YesNo => (
            Code::E1803,
            Text::new(
                "ce mot n'est ni OUI ni NON",
                "this word is neither OUI (yes) nor NON (no)",
            ),
            Text::new("écrivez OUI ou NON", "write OUI or NON"),
        ),
        Fault::Estimated => (
            Code::E1803,
            Text::new(
                "ce mot n'est ni ESTIME ni REEL",
                "this word is neither ESTIME (estimated) nor REEL (weighed)",
            ),
            Text::new("écrivez ESTIME ou REEL", "write ESTIME or REEL"),
        ),
        Fault::Repeated => (
            Code::E1804,
            Text::new(
                "cette expédition est déjà dans le registre : elle compterait deux fois",
                "this shipment is in the register already: it would count twice",
            ),
            Text::new(
                "ôtez l'une des deux lignes, ou donnez à chacune son identifiant",
                "remove one of the two lines, or give each its own identifier",
            ),
        ),
        Fault::Operation => (
            Code::E1805,
            Text::new(
                "ce n'est pas une opération de traitement",
                "this is no treatment operation",
            ),
            Text::new(
                "écrivez D 1 à D 15 ou R 1 à R 13",
                "write D 1 to D 15 or R 1 to R 13",
            ),
        ),
    };
    Finding::new(code, None, &wrong.value, cause, fix)
}

/// Sites that no proposal can reach as long as nobody says where they are.
pub(crate) fn tell_places(file_name: &str, reading: &mut Reading) {
    let lost = reading
        .declaration
        .sites
        .iter()
        .filter(|site| site.position.is_none())
        .count();
    if lost == 0 {
        return;
    }
    let cause = Text::new(
        format!(
            "{lost} établissement(s) sans commune ni position : leurs flux seront hors des propositions"
        ),
        format!(
            "{lost} site(s) with neither commune nor position: their flows will be left out of proposals"
        ),
    );
    let fix = Text::new(
        "importez une feuille d'établissements : SIRET et commune (INSEE) suffisent",
        "import a sheet of sites: SIRET and commune (INSEE) are enough",
    );
    let place = Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    };
    reading
        .findings
        .push(Finding::new(Code::W2803, None, &lost.to_string(), cause, fix).at(place));
}
