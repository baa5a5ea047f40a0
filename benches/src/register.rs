//! A generated register of outgoing waste: the model sheet, one line per shipment.
//!
//! Everything in it is invented: sites bear numbers that follow the check digit and belong to
//! nobody that is meant, designations name themselves as invented, and weights are drawn.

use std::fmt::Write;

use crate::random::Random;

/// Headings of the model sheet that are filled in.
const HEADINGS: &str = "Identifiant unique;SIRET de l'expéditeur ou du détenteur;Dénomination du déchet;Code déchet;POP;Dangereux;Date d'expédition;Poids en tonnes;Type de poids;Volume en M3;Numéro d'identification du destinataire;Code postal du destinataire;Code de traitement prévu;Mode de traitement prévu;Mode de transport du transporteur n°1;Numéro d'identification du transporteur n°1";

/// Codes of the list of waste with a designation and a treatment.
const WASTES: [(&str, &str, &str, &str); 8] = [
    ("15 01 01", "Cartons (fictif)", "R3", "Recyclage"),
    (
        "15 01 03",
        "Palettes bois (fictif)",
        "R 1",
        "Valorisation énergétique",
    ),
    ("17 04 05", "Ferrailles (fictif)", "R4", "Recyclage"),
    (
        "10 01 18*",
        "Résidus de lavage (fictif)",
        "D5",
        "Elimination",
    ),
    ("14 06 03*", "Solvants usés (fictif)", "R2", "Recyclage"),
    (
        "20 03 01",
        "Banals en mélange (fictif)",
        "D 5",
        "Elimination",
    ),
    ("15 01 02", "Plastiques (fictif)", "R3", "Recyclage"),
    ("12 01 09*", "Émulsions (fictif)", "D 9", "Elimination"),
];

/// Sites of the register.
const SITES: u64 = 500;

/// A register with what it declares.
pub struct Register {
    /// The text of the sheet.
    pub csv: String,
    /// Kilograms of all its shipments.
    pub kilograms: i64,
    /// Its shipments.
    pub lines: usize,
}

impl Register {
    /// A register of so many shipments over the twelve months of 2025.
    pub fn generate(lines: usize, seed: u64) -> Register {
        let mut random = Random::new(seed);
        let sites: Vec<String> = (0..SITES).map(siret).collect();
        let mut csv = String::with_capacity(lines * 200);
        csv.push_str(HEADINGS);
        csv.push('\n');
        let mut kilograms = 0;
        for at in 0..lines {
            let mut below = |limit: usize| (random.unit() * limit as f64) as usize;
            let (code, name, operation, mode) = WASTES[below(WASTES.len())];
            let site = &sites[below(sites.len())];
            let (month, day) = (below(12) + 1, below(28) + 1);
            let weight = below(30_000);
            let to = &sites[below(20)];
            let kind = if below(3) == 0 { "ESTIME" } else { "Réel" };
            let hazardous = if code.ends_with('*') { "OUI" } else { "non" };
            kilograms += weight as i64;
            let (whole, rest) = (weight / 1_000, weight % 1_000);
            // Writing to a string cannot fail.
            let _ = writeln!(
                csv,
                "FICTIF-{at:07};{site};{name};{code};NON;{hazardous};2025-{month:02}-{day:02};{whole},{rest:03};{kind};;{to};59140;{operation};{mode};Route;{to}"
            );
        }
        Register {
            csv,
            kilograms,
            lines,
        }
    }
}

/// Fourteen digits whose last is the check digit.
fn siret(number: u64) -> String {
    let body = format!("99900{number:08}");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_is_the_same_for_one_seed_and_declares_what_its_lines_say() {
        let register = Register::generate(50, 7);
        assert_eq!(register.csv, Register::generate(50, 7).csv);
        let said: i64 = register
            .csv
            .lines()
            .skip(1)
            .map(|line| {
                line.split(';')
                    .nth(7)
                    .unwrap()
                    .replace(',', "")
                    .parse::<i64>()
                    .unwrap()
            })
            .sum();
        assert_eq!(said, register.kilograms);
    }
}
