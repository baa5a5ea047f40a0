//! The empty workbook: three sheets to fill, the lists to choose from, a page that explains.

mod lists;
mod readme;

use boucle_domain::knowledge::Knowledge;
use boucle_domain::text::Language;
use boucle_domain::validate::{Draft, Field};
use rust_xlsxwriter::{Color, DataValidation, DataValidationErrorStyle, Format, Formula};

use crate::WriteError;
use crate::layout::Content;
use crate::workbook::{fields_of, fill, new_workbook, sheet_name};
use lists::Lists;

/// Rows that offer drop-downs.
const OFFERED_ROWS: u32 = 5_000;

/// The names of the sheets of lists and of explanations, French then English.
const LISTS: [&str; 2] = ["Listes", "Lists"];
const READ_ME: [&str; 2] = ["Lisez-moi", "Read me"];

/// Whether a sheet is one of ours that declares nothing.
pub(crate) fn is_own_page(name: &str) -> bool {
    LISTS.contains(&name) || READ_ME.contains(&name)
}

/// The template in a language, as the bytes of an xlsx workbook. The same catalogue gives the same
/// bytes.
///
/// # Errors
/// Only if the workbook cannot be put together, which the tests rule out for the embedded catalogue.
pub fn template(language: Language, knowledge: &Knowledge) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook(match language {
        Language::Fr => "Boucle : déclaration des flux",
        Language::En => "Boucle: declaration of flows",
    })?;
    let lists = Lists::of(knowledge, language);
    let lists_name = LISTS[usize::from(language == Language::En)];
    let example = Format::new()
        .set_italic()
        .set_font_color(Color::RGB(0x0080_8080));
    for content in [Content::Flows, Content::Sites, Content::Agreements] {
        let sheet = workbook.add_worksheet();
        fill(
            sheet,
            content,
            language,
            &examples(content, language),
            &example,
        )?;
        for (column, field) in (0u16..).zip(fields_of(content)) {
            let Some(range) = lists.range(field, lists_name) else {
                continue;
            };
            // The list helps, it does not bind: ranges, several codes and other spellings are read too.
            let choice = DataValidation::new()
                .allow_list_formula(Formula::new(range))
                .set_error_style(DataValidationErrorStyle::Information)
                .show_error_message(false);
            sheet.add_data_validation(1, column, OFFERED_ROWS, column, &choice)?;
        }
    }
    lists.write(workbook.add_worksheet().set_name(lists_name)?)?;
    readme::write(
        workbook
            .add_worksheet()
            .set_name(READ_ME[usize::from(language == Language::En)])?,
        language,
    )?;
    Ok(workbook.save_to_buffer()?)
}

/// Rows that show how to write; the importer leaves them out by their reference.
fn examples(content: Content, language: Language) -> Vec<Draft> {
    let fr = language == Language::Fr;
    let pick = |french: &'static str, english: &'static str| if fr { french } else { english };
    let draft = |words: &[(Field, &str)]| {
        words
            .iter()
            .map(|(field, text)| (*field, (*text).to_owned()))
            .collect()
    };
    let id = pick("EXEMPLE-SITE", "EXAMPLE-SITE");
    let firm = pick("Exemple : scierie", "Example: sawmill");
    match content {
        Content::Suggestions => Vec::new(),
        Content::Flows => vec![
            draft(&[
                (Field::Firm, firm),
                (Field::SiteId, id),
                (Field::Ref, pick("EXEMPLE-1", "EXAMPLE-1")),
                (Field::Direction, pick("sortant", "output")),
                (Field::Name, pick("écorces", "bark")),
                (Field::Resource, "DON:bark"),
                (Field::Quantity, pick("100..150", "100..150")),
                (Field::Unit, "m3"),
                (Field::Period, pick("mois", "month")),
                (Field::WasteCode, "03 01 01"),
                (Field::Hazardous, pick("non", "no")),
                (Field::Density, pick("0,25..0,40", "0.25..0.40")),
                (
                    Field::Counterpart,
                    pick("plateforme de compostage", "composting site"),
                ),
                (Field::Price, "25"),
                (Field::PriceUnit, "t"),
                (Field::PriceYear, "2026"),
                (Field::Method, pick("estimé", "estimated")),
            ]),
            draft(&[
                (Field::Firm, firm),
                (Field::SiteId, id),
                (Field::Ref, pick("EXEMPLE-2", "EXAMPLE-2")),
                (Field::Direction, pick("sortant", "output")),
                (
                    Field::Name,
                    pick("palettes réutilisables", "reusable pallets"),
                ),
                (Field::Quantity, "40"),
                (Field::Unit, pick("palettes", "pallets")),
                (Field::Period, pick("semaine", "week")),
                (Field::Profile, "03-10"),
            ]),
            draft(&[
                (
                    Field::Firm,
                    pick("Exemple : plâtrerie", "Example: plasterboard works"),
                ),
                (Field::Ref, pick("EXEMPLE-3", "EXAMPLE-3")),
                (Field::Direction, pick("entrant", "input")),
                (Field::Name, pick("gypse", "gypsum")),
                (Field::Resource, "mat.mineral.gypsum"),
                (Field::Quantity, "12000"),
                (Field::Unit, "t"),
                (Field::Period, pick("an", "year")),
                (Field::Price, "22..28"),
                (Field::PriceYear, "2025"),
                (Field::ContractEnd, "2027-12-31"),
                (Field::MaximumDistance, "150"),
            ]),
        ],
        Content::Sites => vec![draft(&[
            (Field::Firm, firm),
            (Field::SiteId, id),
            (Field::Activity, "16.10A"),
            (Field::Commune, "59183"),
            (Field::Headcount, "35"),
            (Field::Icpe, "2410"),
        ])],
        Content::Agreements => vec![draft(&[
            (Field::Firm, firm),
            (Field::SiteId, id),
            (
                Field::AgreementReference,
                pick("n° de l'arrêté", "number of the decree"),
            ),
            (Field::AgreementWasteCodes, "03 01 01; 03 01 05"),
            (Field::AgreementQuantity, "500"),
            (Field::AgreementUnit, "t"),
            (Field::AgreementTo, "2030-12-31"),
        ])],
    }
}

/// The name of the sheet of flows, for texts that point to it.
pub(crate) fn flows_name(language: Language) -> &'static str {
    sheet_name(Content::Flows, language)
}
