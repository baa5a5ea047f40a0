//! The three sheets of the template, empty or filled: headings, notes, widths, drop-downs.

use boucle_domain::text::Language;
use boucle_domain::validate::{Draft, Field, Group};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet,
};

use crate::WriteError;
use crate::cells::guarded;
use crate::columns::AGREEMENT_COLUMNS;
use crate::layout::Content;

/// Colour of the headings that must be filled.
const REQUIRED: Color = Color::RGB(0x00FF_E699);
/// Colour of the other headings.
const OPTIONAL: Color = Color::RGB(0x00DD_EBF7);

/// The name of a sheet.
pub(crate) fn sheet_name(content: Content, language: Language) -> &'static str {
    match (content, language) {
        (Content::Suggestions, Language::Fr) => "Suggestions",
        (Content::Suggestions, Language::En) => "Suggestions",
        (Content::Flows, Language::Fr) => "Flux",
        (Content::Flows, Language::En) => "Flows",
        (Content::Sites, Language::Fr) => "Établissements",
        (Content::Sites, Language::En) => "Sites",
        (Content::Agreements, Language::Fr) => "Agréments",
        (Content::Agreements, Language::En) => "Agreements",
    }
}

/// The fields of a sheet, in the order of its columns. A workbook says of a site in the sheet of
/// flows only which one it is.
pub(crate) fn fields_of(content: Content) -> Vec<Field> {
    let naming = [Field::Firm, Field::FirmId, Field::Site, Field::SiteId];
    match content {
        Content::Flows => naming.into_iter().chain(of_group(Group::Flow)).collect(),
        Content::Suggestions => [Field::Confirm]
            .into_iter()
            .chain(naming)
            .chain(of_group(Group::Flow))
            .collect(),
        Content::Sites => of_group(Group::Site).collect(),
        Content::Agreements => naming
            .into_iter()
            .chain(of_group(Group::Agreement))
            .collect(),
    }
}

fn of_group(group: Group) -> impl Iterator<Item = Field> {
    Field::ALL
        .iter()
        .copied()
        .filter(move |field| field.group() == group)
}

/// The heading of a field in a sheet.
pub(crate) fn heading(field: Field, content: Content, language: Language) -> &'static str {
    let short = AGREEMENT_COLUMNS
        .iter()
        .find(|(other, ..)| content == Content::Agreements && *other == field);
    match (short, language) {
        (Some((_, _, fr, _)), Language::Fr) => fr,
        (Some((.., en)), Language::En) => en,
        (None, _) => field.heading(language),
    }
}

/// A workbook whose bytes depend on its content alone: its dates are fixed.
pub(crate) fn new_workbook(title: &str) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_author("Boucle")
            .set_creation_datetime(&created),
    );
    Ok(workbook)
}

/// Writes the headings of a sheet, with their notes, and the rows below.
pub(crate) fn fill(
    sheet: &mut Worksheet,
    content: Content,
    language: Language,
    rows: &[Draft],
    row_format: &Format,
) -> Result<(), WriteError> {
    sheet.set_name(sheet_name(content, language))?;
    let text_format = Format::new().set_num_format("@");
    for (column, field) in (0u16..).zip(fields_of(content)) {
        let required = content == Content::Flows && field.is_required() || field == Field::Firm;
        let format = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(if required { REQUIRED } else { OPTIONAL });
        let title = heading(field, content, language);
        sheet.write_string_with_format(0, column, title, &format)?;
        let hint = format!("{}\n[{}]", field.hint(language), field.code());
        let note = Note::new(hint)
            .set_author("Boucle")
            .add_author_prefix(false)
            .set_width(260)
            .set_height(90);
        sheet.insert_note(0, column, &note)?;
        sheet.set_column_width(column, width(field))?;
        if is_text(field) {
            sheet.set_column_format(column, &text_format)?;
        }
        for (row, draft) in (1u32..).zip(rows) {
            let text = draft.get(field);
            if !text.is_empty() {
                // Always text: a spreadsheet would turn codes into dates and 12,5 into something else.
                sheet.write_string_with_format(row, column, guarded(text), row_format)?;
            }
        }
    }
    sheet.set_row_height(0, 45)?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

/// Fields that a spreadsheet would spoil if it took them for numbers or dates.
fn is_text(field: Field) -> bool {
    matches!(
        field,
        Field::FirmId
            | Field::SiteId
            | Field::Activity
            | Field::Commune
            | Field::Icpe
            | Field::Ref
            | Field::Profile
            | Field::WasteCode
            | Field::Properties
            | Field::AgreementReference
            | Field::AgreementWasteCodes
    )
}

/// Width of a column, in characters.
fn width(field: Field) -> f64 {
    match field {
        Field::Firm | Field::Site | Field::Name | Field::Resource | Field::Counterpart => 28.0,
        Field::Properties | Field::Comment | Field::Source | Field::AgreementWasteCodes => 32.0,
        field if Field::MONTHS.contains(&field) => 7.0,
        _ => 15.0,
    }
}
