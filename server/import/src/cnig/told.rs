//! What is told of files of the standard: what became a firm or a site, and what did not.

use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;

use super::Establishments;
use super::area::Zone;
use crate::public::Table;
use crate::sheet::Sheet;

fn at(sheet: &str, row: u32) -> Place {
    Place {
        sheet: sheet.to_owned(),
        row,
        ..Place::default()
    }
}

/// What the establishments of a file became.
pub(super) fn summary(sheet: &Sheet, table: &Table<9>, found: &Establishments) -> Diagnostic {
    let Establishments {
        read,
        closed,
        pointless,
        several,
    } = found;
    let mut more = Text::new(String::new(), String::new());
    let mut add = |count: &usize, fr: &str, en: &str| {
        if *count > 0 {
            more.fr.push_str(&format!(" ; {count} {fr}"));
            more.en.push_str(&format!("; {count} {en}"));
        }
    };
    add(closed, "fermé(s), laissé(s) de côté", "closed and left out");
    add(
        pointless,
        "sans point lisible : placé(s) par leur commune",
        "without a point that can be read: placed by their commune",
    );
    add(
        several,
        "à plusieurs points : le premier est pris",
        "with several points: the first is taken",
    );
    let unread = table.unread.join(", ");
    let cause = Text::new(
        format!(
            "établissements du standard CNIG : {read} lu(s) (entreprise, SIREN, SIRET, nom, commune, activité, position){} ; colonnes non reprises : {unread}",
            more.fr
        ),
        format!(
            "establishments of the CNIG standard: {read} read (firm, SIREN, SIRET, name, commune, activity, position){}; columns not taken over: {unread}",
            more.en
        ),
    );
    let fix = Text::new(
        "rien à faire ; une tranche d'effectif n'est pas un effectif, et aucun flux n'y est : ajoutez une feuille de flux (boucle template), ou boucle suggest",
        "nothing to do; a class of staff is no headcount, and no flow is in it: add a sheet of flows (boucle template), or boucle suggest",
    );
    Finding::new(Code::I3803, None, &read.to_string(), cause, fix).at(at(&sheet.name, table.row))
}

/// An activity zone: `inside` of the establishments stand in it, when plots tell.
pub(super) fn zone(zone: &Zone, inside: Option<usize>, lists: bool) -> Diagnostic {
    let Zone {
        name,
        town,
        commune,
        ..
    } = zone;
    let (point, point_en) = match &zone.point {
        Some(point) => {
            let degrees = format!("{:.4} {:.4}", point.latitude(), point.longitude());
            (format!(", centre {degrees}"), format!(", centre {degrees}"))
        }
        None => (", sans centre".to_owned(), ", no centre".to_owned()),
    };
    let (fr, en) = match inside {
        Some(count) => (
            format!(" ; {count} des établissements lus y sont"),
            format!("; {count} of the establishments read stand in it"),
        ),
        None => (String::new(), String::new()),
    };
    let cause = Text::new(
        format!(
            "zone d'activité du standard CNIG : « {name} », {town} ({commune}){point}{fr} ; elle n'est pas enregistrée"
        ),
        format!(
            "activity zone of the CNIG standard: \"{name}\", {town} ({commune}){point_en}{en}; it is not stored"
        ),
    );
    let fix = match lists {
        true => Text::new(
            "tous les établissements du fichier vont dans la zone nommée par --zone : un fichier par zone les sépare",
            "all establishments of the file go to the zone named by --zone: a file for each zone keeps them apart",
        ),
        false => Text::new(
            format!(
                "importez ses établissements sous ce nom : boucle import etablissement.csv --zone \"{name}\""
            ),
            format!(
                "import its establishments under this name: boucle import etablissement.csv --zone \"{name}\""
            ),
        ),
    };
    Finding::new(Code::I3804, None, name, cause, fix).at(at(&zone.sheet, zone.row))
}

/// Plots only join establishments to their zone.
pub(super) fn plots(sheet: &Sheet, row: u32) -> Diagnostic {
    not_stored(
        sheet,
        row,
        "terrains du standard CNIG : ils disent dans quelle zone est un établissement, rien d'autre n'en est lu",
        "plots of the CNIG standard: they say which zone an establishment is in, nothing else of them is read",
    )
}

/// Poles group zones.
pub(super) fn poles(sheet: &Sheet, row: u32) -> Diagnostic {
    not_stored(
        sheet,
        row,
        "pôles du standard CNIG : ils réunissent des zones, rien n'en est lu",
        "poles of the CNIG standard: they group zones, nothing of them is read",
    )
}

fn not_stored(sheet: &Sheet, row: u32, fr: &str, en: &str) -> Diagnostic {
    let fix = Text::new(
        "rien à faire ; les établissements sont dans etablissement.csv",
        "nothing to do; establishments are in etablissement.csv",
    );
    Finding::new(Code::I3804, None, "", Text::new(fr, en), fix).at(at(&sheet.name, row))
}
