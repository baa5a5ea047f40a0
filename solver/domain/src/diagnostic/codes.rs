//! Codes of findings, each with a page in both languages (`domain/codes`).
//!
//! `E1…` refuses the import, `W2…` asks for a second look, `I3…` is worth knowing. The third figure
//! is the subject: 0 the file, 1 numbers and units, 2 firms and sites, 3 what the flow is, 4 dates
//! and seasons, 5 the present outlet or supply, 6 agreements, 7 keys, 8
//! registers of shipments.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Severity;
use crate::text::Language;

/// Defines the codes and ties each to its page.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident),* $(,)?) => {
        /// Code of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* $code),*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// The code as people see it: `E1101`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$code => stringify!($code)),*
                }
            }

            /// Both halves of its page: French, then English, each under its own heading.
            fn pages(self) -> &'static str {
                match self {
                    $(Code::$code => include_str!(concat!("../../codes/", stringify!($code), ".md"))),*
                }
            }
        }
    };
}

codes! {
    /// The file is neither a workbook nor a csv that can be read.
    E1001,
    /// The file, or what it unpacks to, is too large.
    E1002,
    /// Too many rows.
    E1003,
    /// No sheet has headings of the template.
    E1004,
    /// A required column is missing.
    E1005,
    /// The text of a cell is too long.
    E1006,
    /// A formula of the spreadsheet failed.
    E1007,
    /// The text is not UTF-8.
    E1008,
    /// The file declares nothing.
    E1009,
    /// The columns cannot be told apart: a mapping is proposed.
    E1010,
    /// One quantity is joined over several rows.
    E1011,
    /// Unit not recognised.
    E1101,
    /// Period not recognised.
    E1102,
    /// Number not recognised.
    E1103,
    /// Number out of its bounds.
    E1104,
    /// Bounds of an interval out of order.
    E1105,
    /// The unit does not suit the resource.
    E1106,
    /// A density is needed.
    E1107,
    /// A heating value is needed.
    E1108,
    /// A required field is empty.
    E1109,
    /// The word is not one of the list.
    E1110,
    /// The unit carries one period, the period column says another.
    E1111,
    /// The quantity is said to be unknown.
    E1112,
    /// The cell of the quantity carries another unit than its column.
    E1113,
    /// Identifier of a firm or site malformed.
    E1201,
    /// Activity not recognised.
    E1202,
    /// Commune not recognised.
    E1203,
    /// Several communes have this name.
    E1204,
    /// Position out of range or incomplete.
    E1205,
    /// One site declared with two values of one attribute.
    E1206,
    /// Several firms or sites could be meant.
    E1207,
    /// Waste code not in the list.
    E1301,
    /// Declared not hazardous under a hazardous code.
    E1302,
    /// Resource key not in the catalogue.
    E1303,
    /// The key is not of the kind its direction asks for.
    E1304,
    /// Several waste codes where one is asked for.
    E1305,
    /// Property not readable.
    E1306,
    /// Star on a code that is not hazardous.
    E1307,
    /// Waste code that left the list before the day at which it is judged.
    E1308,
    /// Code of the territory outside the days for which it holds.
    E1309,
    /// Date not recognised.
    E1401,
    /// The end comes before the beginning.
    E1402,
    /// Profile not readable, incomplete or contradictory.
    E1403,
    /// All months of the profile are zero.
    E1404,
    /// Unit of the price does not suit the flow.
    E1502,
    /// The partner is not declared.
    E1503,
    /// The partner is the site itself.
    E1504,
    /// Several sites could be the partner.
    E1505,
    /// Two flows of one site and direction have the same reference.
    E1701,
    /// Two flows of one site and direction have the same name and no reference.
    E1702,
    /// The flow exists already and the import may only append.
    E1703,
    /// Day of a shipment not read.
    E1801,
    /// Weight of a shipment not read, or out of bounds.
    E1802,
    /// Word of a register not known.
    E1803,
    /// The same shipment twice.
    E1804,
    /// Treatment operation not known.
    E1805,
    /// Column not known, ignored.
    W2001,
    /// Two columns have the same heading.
    W2002,
    /// Sheet not known, ignored.
    W2003,
    /// Cells stand beyond the last heading.
    W2004,
    /// The firm of a block of rows was carried down.
    W2005,
    /// The direction was told from headings, the sheet or its title.
    W2006,
    /// Hidden sheet, not read.
    W2007,
    /// Hidden rows or columns, read.
    W2008,
    /// The frequency was read as the period.
    W2009,
    /// The firm was told from the name of the sheet.
    W2010,
    /// Decimal mark that could have meant thousands.
    W2101,
    /// An upper bound alone: read from zero.
    W2102,
    /// The quantity is zero.
    W2103,
    /// Check digit of a SIREN or SIRET wrong.
    W2201,
    /// One identifier with two names, or a SIRET of another SIREN.
    W2202,
    /// The position is far from its commune.
    W2203,
    /// Leading zero of a SIREN or SIRET put back.
    W2204,
    /// Code of NAF 2025 whose former class is not known.
    W2209,
    /// No rule starts from this key for an output.
    W2301,
    /// Declared hazardous under a code without star.
    W2302,
    /// Star added: the code is hazardous.
    W2303,
    /// Several resources have this name.
    W2304,
    /// No rule knows this property.
    W2305,
    /// Leading zero of a waste code put back.
    W2306,
    /// Waste code read back from a date.
    W2307,
    /// Name and unit that do not go together.
    W2308,
    /// Waste code that enters the list after the day at which it is judged.
    W2309,
    /// Code of the territory that covers several codes.
    W2310,
    /// Lot without dates.
    W2401,
    /// The contract has ended.
    W2402,
    /// Dates of a lot on a yearly flow, ignored.
    W2403,
    /// The declaration does not hold on the day of the run.
    W2404,
    /// More is paid for than the flow declares.
    W2501,
    /// Price without its year.
    W2502,
    /// Paid minimum without the end of its contract.
    W2503,
    /// Minimum lot above the quantity.
    W2504,
    /// The agreement does not hold on the day of the run.
    W2601,
    /// The register covers less or more than a year.
    W2801,
    /// Weights finer than the kilogram.
    W2802,
    /// Sites of a register without position.
    W2803,
    /// Declaring establishments that are in no list given.
    W2804,
    /// Example rows skipped.
    I3001,
    /// Text decoded by its letters.
    I3002,
    /// Columns read by a mapping that was confirmed before.
    I3004,
    /// Suggestions that nobody confirmed, left out.
    I3009,
    /// A sheet beside one of a known layout, not read.
    I3010,
    /// Establishments of a list that declare nothing, left out.
    I3011,
    /// Written as an estimate.
    I3101,
    /// Converted by a range of the catalogue.
    I3102,
    /// Yearly quantity of a daily or seasonal one.
    I3103,
    /// Containers counted out.
    I3104,
    /// Class of NAF rév. 2 that NAF 2025 may have changed.
    I3201,
    /// Not recognised: a question will come.
    I3301,
    /// Recognised by its name.
    I3302,
    /// Codes judged by an earlier edition of their list.
    I3303,
    /// Read by its words.
    I3304,
    /// Read by a word of the territory.
    I3305,
    /// Read by a code of the territory.
    I3306,
    /// A register was recognised and summed up.
    I3801,
    /// Yearly declarations of IREP were recognised.
    I3802,
    /// Establishments of the CNIG standard were recognised.
    I3803,
    /// An area of the CNIG standard, told and not stored.
    I3804,
}

impl Code {
    /// The code of a text, in any case.
    pub fn from_text(text: &str) -> Option<Code> {
        let text = text.trim();
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
    }

    /// How much a finding of this code weighs: its first letter says it.
    pub fn severity(self) -> Severity {
        match self.as_str().as_bytes()[0] {
            b'E' => Severity::Error,
            b'W' => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// Its page in Markdown: what happened, why it matters, what to write, an example.
    pub fn page(self, language: Language) -> &'static str {
        let pages = self.pages();
        // The English half starts at the second heading of the first level.
        let english = pages
            .match_indices("\n# ")
            .next()
            .map_or(pages.len(), |(at, _)| at + 1);
        match language {
            Language::Fr => pages[..english].trim(),
            Language::En => pages[english..].trim(),
        }
    }

    /// The heading of its page, without the code.
    pub fn title(self, language: Language) -> &'static str {
        let heading = self.page(language).lines().next().unwrap_or_default();
        heading.split_once(": ").map_or(heading, |(_, title)| title)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_in_both_languages() {
        for &code in Code::ALL {
            for language in [Language::Fr, Language::En] {
                let page = code.page(language);
                assert!(
                    page.starts_with(&format!("# {code}: ")),
                    "{code} {language:?}"
                );
                assert!(
                    page.lines().filter(|line| line.starts_with("## ")).count() >= 3,
                    "{code} {language:?}"
                );
                assert!(page.len() > 150, "{code} {language:?}");
                assert!(!code.title(language).is_empty());
            }
            assert_ne!(code.page(Language::Fr), code.page(Language::En), "{code}");
        }
    }

    #[test]
    fn every_page_has_a_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/codes");
        let mut pages = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let code = name
                .strip_suffix(".md")
                .unwrap_or_else(|| panic!("{name} is no page"));
            assert!(
                Code::from_text(code).is_some_and(|found| found.as_str() == code),
                "{name}"
            );
            pages += 1;
        }
        assert_eq!(pages, Code::ALL.len());
    }

    #[test]
    fn a_code_is_found_in_any_case() {
        assert_eq!(Code::from_text(" e1101 "), Some(Code::E1101));
        assert_eq!(Code::from_text("E9999"), None);
    }
}
