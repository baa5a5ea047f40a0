//! Ways a user gives: a text of columns from, to, km and, when it is no road, the vehicle.

use std::path::Path;

use boucle_proto::v1;

use crate::directory::{Directory, Found};
use crate::failure::{Failure, Result};
use crate::text::Language;

/// A road with its ends as they were written.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenRoad {
    /// One end: key, identifier or name of a site.
    pub from: String,
    /// The other.
    pub to: String,
    /// Along the way, km.
    pub distance_km: f64,
    /// What goes along it (`barge`, `rail`…), empty when the goods decide.
    pub vehicle: String,
}

/// Reads a file of roads: comma, semicolon or tab; a heading is optional; a decimal comma is read
/// where the columns are not parted by commas. Lines that begin with `#` are remarks.
///
/// # Errors
/// Every line that cannot be read, at once.
pub fn read(path: &Path, language: Language) -> Result<Vec<WrittenRoad>> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::unreadable(language, path, &error))?;
    parse(&text).map_err(|lines| {
        let mut told = match language {
            Language::Fr => format!(
                "{} : lignes illisibles ; écrire trois colonnes : site, site, km",
                path.display()
            ),
            Language::En => format!(
                "{}: lines that cannot be read; write three columns: site, site, km",
                path.display()
            ),
        };
        for (line, content) in lines {
            told.push_str(&format!("\n  {line}: {content}"));
        }
        Failure::Error(told)
    })
}

/// The roads of a text, or its bad lines with their numbers.
fn parse(text: &str) -> std::result::Result<Vec<WrittenRoad>, Vec<(u64, String)>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().find(|line| !line.starts_with('#'));
    let first = first.unwrap_or_default();
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .find(|&delimiter| first.contains(char::from(delimiter)))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .comment(Some(b'#'))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut roads, mut bad) = (Vec::new(), Vec::new());
    // The vehicle has no place of its own: its column is known by its heading.
    let mut vehicle_column = None;
    for (at, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                bad.push((at as u64 + 1, error.to_string()));
                continue;
            }
        };
        let written = |column: usize| record.get(column).unwrap_or_default();
        let number = written(2).replace(',', ".").parse::<f64>().ok();
        match number.filter(|km| km.is_finite() && *km >= 0.0) {
            Some(distance_km) if !written(0).is_empty() && !written(1).is_empty() => {
                roads.push(WrittenRoad {
                    from: written(0).to_owned(),
                    to: written(1).to_owned(),
                    distance_km,
                    vehicle: vehicle_column.map(written).unwrap_or_default().to_owned(),
                });
            }
            // A first line without a number is a heading.
            None if at == 0 && record.len() >= 3 => {
                vehicle_column = record
                    .iter()
                    .position(|heading| matches!(heading, "vehicle" | "véhicule" | "vehicule"));
            }
            _ => {
                let line = record.position().map_or(at as u64 + 1, csv::Position::line);
                bad.push((line, record.iter().collect::<Vec<_>>().join(" | ")));
            }
        }
    }
    if bad.is_empty() { Ok(roads) } else { Err(bad) }
}

/// Names a person wrote, put to keys; collects those that stand for nothing or for several.
pub struct Resolver<'d> {
    directory: &'d Directory,
    language: Language,
    unclear: Vec<String>,
}

impl<'d> Resolver<'d> {
    /// Resolves against a directory.
    pub fn new(directory: &'d Directory, language: Language) -> Resolver<'d> {
        Resolver {
            directory,
            language,
            unclear: Vec::new(),
        }
    }

    /// The key of a site.
    pub fn site(&mut self, word: &str) -> String {
        let found = self.directory.find_site(word);
        self.settle(found, word, "site", "établissement")
    }

    /// The key of a firm.
    pub fn firm(&mut self, word: &str) -> String {
        let found = self.directory.find_firm(word);
        self.settle(found, word, "firm", "entreprise")
    }

    /// The key of a flow written as `site/output/reference`.
    pub fn flow(&mut self, word: &str) -> v1::FlowKey {
        let parts = [
            ("/output/", v1::Direction::Output),
            ("/input/", v1::Direction::Input),
        ];
        for (mark, direction) in parts {
            if let Some((site, reference)) = word.split_once(mark) {
                return v1::FlowKey {
                    site: self.site(site),
                    direction: direction.into(),
                    reference: reference.trim().to_owned(),
                };
            }
        }
        self.unclear.push(match self.language {
            Language::Fr => {
                format!("« {word} » : écrire site/output/référence ou site/input/référence")
            }
            Language::En => {
                format!("'{word}': write site/output/reference or site/input/reference")
            }
        });
        v1::FlowKey::default()
    }

    /// A road with the keys of its ends.
    pub fn road(&mut self, road: &WrittenRoad) -> v1::Road {
        v1::Road {
            from: self.site(&road.from),
            to: self.site(&road.to),
            distance_km: road.distance_km,
            vehicle: road.vehicle.clone(),
        }
    }

    /// Ends the work.
    ///
    /// # Errors
    /// Every name that is unclear, at once.
    pub fn finish(mut self) -> Result<()> {
        self.unclear.dedup();
        if self.unclear.is_empty() {
            return Ok(());
        }
        let heading = self.language.pick(
            "distances ou réglages : noms à corriger",
            "distances or settings: names to put right",
        );
        let told = self.unclear.join("\n  ");
        Err(Failure::Error(format!("{heading}\n  {told}")))
    }

    fn settle(&mut self, found: Found, word: &str, kind: &str, kind_fr: &str) -> String {
        let what = match found {
            Found::One(key) => return key,
            Found::None => match self.language {
                Language::Fr => format!("« {word} » : {kind_fr} inconnu(e)"),
                Language::En => format!("'{word}': no such {kind}"),
            },
            Found::Several(keys) => match self.language {
                Language::Fr => format!("« {word} » : plusieurs, {}", keys.join(", ")),
                Language::En => format!("'{word}': several, {}", keys.join(", ")),
            },
        };
        self.unclear.push(what);
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roads_are_read_with_any_separator_heading_and_decimal_comma() {
        let road = |distance_km| WrittenRoad {
            from: "A".to_owned(),
            to: "B".to_owned(),
            distance_km,
            vehicle: String::new(),
        };
        assert_eq!(parse("from,to,km\nA,B,12.5\n"), Ok(vec![road(12.5)]));
        assert_eq!(parse("# sea way\nA;B;12,5\n"), Ok(vec![road(12.5)]));
        assert_eq!(parse("\u{feff}A\tB\t3\n"), Ok(vec![road(3.0)]));
        assert_eq!(parse(""), Ok(vec![]));
    }

    #[test]
    fn the_vehicle_of_a_way_is_known_by_its_heading() {
        let ways = parse("from,to,km,note,vehicle\nA,B,194,by sea,barge\nA,C,3,,\n").unwrap();
        assert_eq!(ways[0].vehicle, "barge");
        assert_eq!(ways[1].vehicle, "");
    }

    #[test]
    fn every_bad_line_is_told_with_its_number() {
        let bad = parse("A,B,3\nA,B,far\nA,,3\nA,B,-1\n").unwrap_err();
        assert_eq!(
            bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [2, 3, 4]
        );
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_told_and_not_guessed() {
        let directory = Directory::default();
        let mut resolver = Resolver::new(&directory, Language::En);
        resolver.site("Nowhere");
        resolver.flow("Nowhere gypsum");
        let Err(Failure::Error(told)) = resolver.finish() else {
            panic!("two names are unclear")
        };
        assert!(told.contains("'Nowhere': no such site"));
        assert!(told.contains("write site/output/reference"));
    }
}
