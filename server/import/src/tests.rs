//! Promises of the importer. Firms and figures are invented.

mod codes;
mod confirmed;
mod files;
mod fixes;
mod hostile;
mod joined;
mod public;
mod registers;
mod round_trip;
mod sheets;

use std::sync::OnceLock;

use boucle_domain::diagnostic::{Code, Diagnostic};
use boucle_domain::id::ZoneId;
use boucle_domain::knowledge::Knowledge;
use jiff::civil::date;

use super::*;

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::embedded().expect("the embedded catalogue is read"))
}

/// A day before the amendment of the list of waste, so that no note is made of it.
fn context() -> Context<'static> {
    Context::new(knowledge(), date(2026, 10, 1), ZoneId::new("zone"))
}

fn read_text(text: &str) -> Reading {
    read(text.as_bytes(), "flux.csv", &context())
}

fn codes(findings: &[Diagnostic]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Three flows of two firms, in French, with decimal commas.
const FRENCH: &str = "\
Entreprise;Établissement;SIRET ou identifiant;Commune (INSEE);Réf.;Sens;Désignation;Ressource (clé);Quantité;Unité;Période;Profil;Code déchet;Coût évitable (EUR/unité);Année du coût;Partenaire (établissement);Commentaire;agreement_reference;agreement_waste_codes
Centrale A;Tranche 1;C-1;59183;gypse;sortant;Gypse de désulfuration;DON:fgd_gypsum;1 200,5;t;mois;;10 01 05;42,5;2025;P-1;;;
Centrale A;Tranche 1;C-1;;cendres;sortant;Cendres volantes;DON:coal_fly_ash;10..15;kt;an;;10 01 02;;;;'=1+1;;
Plâtrerie B;;P-1;Grande-Synthe (59);;entrant;Gypse naturel;mat.mineral.gypsum;20000;t;an;03-11;;25;2026;;;AP-7;10 01 05; 10 01 02
";
