//! The rows of every sheet, read, joined, and each finding set at its place.

use std::collections::BTreeMap;

use boucle_domain::answer::yes_no;
use boucle_domain::diagnostic::{Code, Diagnostic, Place};
use boucle_domain::id::FlowKey;
use boucle_domain::text::Text;
use boucle_domain::validate::{
    Context, Declaration, Draft, Field, Finding, RowDeclaration, gather, read_row,
};

use crate::cells::{is_failed_formula, unguarded};
use crate::columns::{Columns, Content, headings};
use crate::limits;
use crate::sheet::{Sheet, SheetRow, letters};
use crate::sniff;
use crate::template::is_own_page;

/// What a file declares, and all that was found in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Firms, sites and flows that could be read. Only to be stored when nothing refuses the file.
    pub declaration: Declaration,
    /// Every finding, in the order of sheets and rows.
    pub findings: Vec<Diagnostic>,
    /// Rows read, examples left out.
    pub rows: usize,
    /// Example rows left out.
    pub examples: usize,
    /// Rows of a sheet of suggestions that nobody confirmed, left out.
    pub unconfirmed: usize,
    /// Where each flow stands.
    places: BTreeMap<FlowKey, Place>,
}

impl Reading {
    /// Whether a finding refuses the file.
    pub fn is_refused(&self) -> bool {
        boucle_domain::diagnostic::refuses(&self.findings)
    }

    /// Where a flow stands in the file.
    pub fn place(&self, flow: &FlowKey) -> Option<&Place> {
        self.places.get(flow)
    }

    /// The findings that refuse an import that may only append, one per flow that exists already.
    pub fn conflicts(&self, existing: &[FlowKey]) -> Vec<Diagnostic> {
        let finding = |key: &FlowKey| {
            let cause = Text::new(
                "ce flux existe déjà dans la zone, et l'import ne peut qu'ajouter",
                "this flow exists in the zone already, and the import may only append",
            );
            let fix = Text::new(
                "importez en mode fusion, ou changez la référence",
                "import in merge mode, or change the reference",
            );
            let place = self.place(key).cloned().unwrap_or_default();
            Finding::new(Code::E1703, Field::Ref, &key.reference, cause, fix).at(place)
        };
        existing.iter().map(finding).collect()
    }
}

/// One row of a sheet as a draft, with its place.
struct PlacedDraft {
    draft: Draft,
    sheet: usize,
    number: u32,
    /// Fields whose cell was refused before reading: that they are empty is no second finding.
    refused: Vec<Field>,
}

/// A sheet with its headings.
struct Headed<'s> {
    sheet: &'s Sheet,
    columns: Columns,
    missing: Vec<Field>,
}

/// Reads a workbook or a csv. Never panics and never stops at the first finding; the declaration
/// does not depend on the order of the rows.
pub fn read(bytes: &[u8], file_name: &str, context: &Context) -> Reading {
    let mut reading = Reading::default();
    let sheets = match sniff::sheets(bytes, file_name) {
        Ok(sheets) => sheets,
        Err(finding) => {
            reading.findings.push(finding.at(Place {
                sheet: file_name.to_owned(),
                ..Place::default()
            }));
            return reading;
        }
    };
    let mut headed = Vec::new();
    let mut drafts = Vec::new();
    for sheet in &sheets {
        if is_own_page(&sheet.name) {
            continue;
        }
        let Some((heading_row, content, columns)) = headings(&sheet.rows) else {
            // A lone sheet without headings is told below, with what to write.
            if sheets.len() > 1 && !sheet.rows.is_empty() {
                reading.findings.push(unknown_sheet(sheet));
            }
            continue;
        };
        let missing = if content == Content::Flows {
            columns.missing()
        } else {
            Vec::new()
        };
        findings_of_headings(
            sheet,
            heading_row,
            &columns,
            &missing,
            &mut reading.findings,
        );
        let at = headed.len();
        headed.push(Headed {
            sheet,
            columns,
            missing,
        });
        for row in &sheet.rows[heading_row + 1..] {
            draft_of(row, at, &headed[at], &mut drafts, &mut reading);
        }
    }
    if headed.is_empty() {
        reading.findings.push(no_headings(file_name));
        return reading;
    }
    read_drafts(&drafts, &headed, context, &mut reading);
    told_once(file_name, &mut reading);
    reading
}

/// Reads the drafts, joins them, and sets the findings at their places.
fn read_drafts(
    drafts: &[PlacedDraft],
    headed: &[Headed],
    context: &Context,
    reading: &mut Reading,
) {
    let mut rows: Vec<RowDeclaration> = Vec::with_capacity(drafts.len());
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for (at, placed) in drafts.iter().enumerate() {
        let read = read_row(&placed.draft, context);
        let known = |finding: &Finding| {
            let field = finding.field;
            finding.code == Code::E1109
                && field.is_some_and(|field| {
                    placed.refused.contains(&field) || headed[placed.sheet].missing.contains(&field)
                })
        };
        found.extend(
            read.findings
                .into_iter()
                .filter(|finding| !known(finding))
                .map(|finding| (at, finding)),
        );
        rows.push(read.value);
    }
    let gathered = gather(&rows, context);
    found.extend(gathered.findings);
    // Stable: of one row, what was read first comes first.
    found.sort_by_key(|(at, _)| *at);
    for (at, finding) in found {
        let placed = &drafts[at];
        let place = placed.place(headed, finding.field);
        reading.findings.push(finding.at(place));
    }
    reading.rows = drafts.len();
    for (key, at) in gathered.rows {
        reading.places.insert(key, drafts[at].place(headed, None));
    }
    reading.declaration = gathered.declaration;
}

impl PlacedDraft {
    fn place(&self, headed: &[Headed], field: Option<Field>) -> Place {
        let headed = &headed[self.sheet];
        let column = field.and_then(|field| headed.columns.column_of(field));
        Place {
            sheet: headed.sheet.name.clone(),
            row: self.number,
            column: column.map_or(String::new(), letters),
            field: field.map_or(String::new(), |field| field.code().to_owned()),
        }
    }
}

/// The draft of a row, unless it is an example.
fn draft_of(
    row: &SheetRow,
    sheet: usize,
    headed: &Headed,
    drafts: &mut Vec<PlacedDraft>,
    reading: &mut Reading,
) {
    let mut placed = PlacedDraft {
        draft: Draft::new(),
        sheet,
        number: row.number,
        refused: Vec::new(),
    };
    let mut findings = Vec::new();
    for (column, text) in &row.cells {
        let Some(&field) = headed.columns.fields.get(column) else {
            continue;
        };
        let place = || Place {
            sheet: headed.sheet.name.clone(),
            row: row.number,
            column: letters(*column),
            field: field.code().to_owned(),
        };
        if text.chars().nth(limits::CELL_CHARACTERS).is_some() {
            findings.push(too_long(field, text).at(place()));
            placed.refused.push(field);
        } else if is_failed_formula(text) {
            findings.push(failed_formula(field, text).at(place()));
            placed.refused.push(field);
        } else if !placed.draft.has(field) {
            placed.draft.set(field, unguarded(text));
        }
    }
    if is_example(&placed.draft) {
        reading.examples += 1;
        return;
    }
    if headed.columns.has(Field::Confirm) && !placed.draft.is_empty() {
        let written = placed.draft.get(Field::Confirm);
        let confirmed = yes_no(written);
        if confirmed.is_none() && !written.trim().is_empty() {
            let place = || Place {
                sheet: headed.sheet.name.clone(),
                row: row.number,
                column: headed
                    .columns
                    .column_of(Field::Confirm)
                    .map_or(String::new(), letters),
                field: Field::Confirm.code().to_owned(),
            };
            findings.push(not_yes_or_no(written).at(place()));
        }
        if confirmed != Some(true) {
            reading.unconfirmed += 1;
            reading.findings.append(&mut findings);
            return;
        }
    }
    let last = row.cells.last().map_or(0, |(column, _)| *column);
    if last > headed.columns.last && !placed.draft.is_empty() {
        findings.push(beyond_headings(headed, row.number, last));
    }
    reading.findings.append(&mut findings);
    if !placed.draft.is_empty() {
        drafts.push(placed);
    }
}

/// A line that is neither confirmed nor refused.
fn not_yes_or_no(written: &str) -> Finding {
    let cause = Text::new(
        "ce mot ne confirme ni ne refuse la ligne",
        "this word neither confirms the row nor refuses it",
    );
    let fix = Text::new("écrivez oui ou non, ou rien", "write yes or no, or nothing");
    Finding::new(Code::E1110, Field::Confirm, written, cause, fix)
}

/// Rows of the template that show how to write.
fn is_example(draft: &Draft) -> bool {
    [Field::Ref, Field::SiteId, Field::FirmId]
        .into_iter()
        .any(|field| {
            let text = draft.get(field);
            let starts = |prefix: &str| {
                text.get(..prefix.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
            };
            starts("EXEMPLE-") || starts("EXAMPLE-")
        })
}

/// What is told once for the whole file: cut sheets, examples, nothing declared.
fn told_once(file_name: &str, reading: &mut Reading) {
    let whole = || Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    };
    if reading.examples > 0 {
        let count = reading.examples;
        let cause = Text::new(
            format!("{count} ligne(s) d'exemple laissée(s) de côté"),
            format!("{count} example row(s) left out"),
        );
        let fix = Text::new("rien à faire", "nothing to do");
        reading
            .findings
            .push(Finding::new(Code::I3001, None, "", cause, fix).at(whole()));
    }
    if reading.unconfirmed > 0 {
        let count = reading.unconfirmed;
        let cause = Text::new(
            format!("{count} suggestion(s) non confirmée(s), laissée(s) de côté"),
            format!("{count} suggestion(s) not confirmed, left out"),
        );
        let fix = Text::new(
            "écrivez oui dans « Confirmer » pour celles que l'établissement a",
            "write yes in \"Confirm\" for those the site has",
        );
        reading
            .findings
            .push(Finding::new(Code::I3009, None, "", cause, fix).at(whole()));
    }
    if reading.rows == 0 && reading.examples == 0 && reading.unconfirmed == 0 {
        let cause = Text::new(
            "aucune ligne ne déclare quoi que ce soit",
            "no row declares anything",
        );
        let fix = Text::new(
            "remplissez au moins une ligne sous les en-têtes",
            "fill in at least one row below the headings",
        );
        reading
            .findings
            .push(Finding::new(Code::E1009, None, "", cause, fix).at(whole()));
    }
}

fn findings_of_headings(
    sheet: &Sheet,
    heading_row: usize,
    columns: &Columns,
    missing: &[Field],
    findings: &mut Vec<Diagnostic>,
) {
    let number = sheet.rows[heading_row].number;
    let place = |column: Option<u32>| Place {
        sheet: sheet.name.clone(),
        row: number,
        column: column.map_or(String::new(), letters),
        field: String::new(),
    };
    for field in missing {
        let heading = |language| field.heading(language);
        use boucle_domain::text::Language::{En, Fr};
        let cause = Text::new(
            format!("la colonne « {} » manque", heading(Fr)),
            format!("the column \"{}\" is missing", heading(En)),
        );
        let fix = Text::new(
            format!("ajoutez-la : {}", field.hint(Fr)),
            format!("add it: {}", field.hint(En)),
        );
        findings.push(Finding::new(Code::E1005, *field, "", cause, fix).at(place(None)));
    }
    for (column, heading) in &columns.unknown {
        let cause = Text::new(
            "cet en-tête n'est pas du modèle : la colonne n'est pas lue",
            "this heading is not of the template: the column is not read",
        );
        let fix = Text::new(
            "corrigez-le, ou n'en tenez pas compte",
            "correct it, or pay no heed",
        );
        findings
            .push(Finding::new(Code::W2001, None, heading, cause, fix).at(place(Some(*column))));
    }
    for (column, heading) in &columns.repeated {
        let cause = Text::new(
            "une autre colonne a déjà ce sens : elle passe d'abord",
            "another column means this already: it goes first",
        );
        let fix = Text::new("gardez une seule des deux", "keep one of the two");
        findings
            .push(Finding::new(Code::W2002, None, heading, cause, fix).at(place(Some(*column))));
    }
    if sheet.cut {
        let cause = Text::new(
            format!(
                "la feuille dépasse {} lignes ou {} cellules",
                limits::ROWS,
                limits::CELLS
            ),
            format!(
                "the sheet exceeds {} rows or {} cells",
                limits::ROWS,
                limits::CELLS
            ),
        );
        let fix = Text::new(
            "agrégez les lignes, ou coupez le fichier",
            "sum up the rows, or split the file",
        );
        findings.push(Finding::new(Code::E1003, None, "", cause, fix).at(place(None)));
    }
}

fn unknown_sheet(sheet: &Sheet) -> Diagnostic {
    let cause = Text::new(
        "cette feuille n'a pas les en-têtes du modèle : elle n'est pas lue",
        "this sheet has no headings of the template: it is not read",
    );
    let fix = Text::new(
        "donnez-lui ces en-têtes, ou n'en tenez pas compte",
        "give it those headings, or pay no heed",
    );
    let place = Place {
        sheet: sheet.name.clone(),
        ..Place::default()
    };
    Finding::new(Code::W2003, None, &sheet.name, cause, fix).at(place)
}

fn no_headings(file_name: &str) -> Diagnostic {
    let cause = Text::new(
        "aucune feuille n'a les en-têtes du modèle",
        "no sheet has the headings of the template",
    );
    let fix = Text::new(
        "première ligne : Entreprise, Sens, Désignation, Quantité, Unité, Période",
        "first row: Firm, Direction, Name, Quantity, Unit, Period",
    );
    let place = Place {
        sheet: file_name.to_owned(),
        ..Place::default()
    };
    Finding::new(Code::E1004, None, "", cause, fix).at(place)
}

fn too_long(field: Field, text: &str) -> Finding {
    let cause = Text::new(
        format!(
            "le texte a {} caractères, la limite est de {}",
            text.chars().count(),
            limits::CELL_CHARACTERS
        ),
        format!(
            "the text has {} characters, the limit is {}",
            text.chars().count(),
            limits::CELL_CHARACTERS
        ),
    );
    let fix = Text::new(
        "raccourcissez-le ; cherchez un guillemet non fermé",
        "shorten it; look for a quote that is not closed",
    );
    Finding::new(Code::E1006, field, text, cause, fix)
}

fn failed_formula(field: Field, text: &str) -> Finding {
    let cause = Text::new(
        "la formule du tableur a échoué",
        "the formula of the spreadsheet failed",
    );
    let fix = Text::new(
        "réparez-la ou écrivez la valeur",
        "mend it or write the value",
    );
    Finding::new(Code::E1007, field, text, cause, fix)
}

fn beyond_headings(headed: &Headed, number: u32, column: u32) -> Diagnostic {
    let cause = Text::new(
        "des cellules dépassent le dernier en-tête : elles ne sont pas lues",
        "cells stand beyond the last heading: they are not read",
    );
    let fix = Text::new(
        "un séparateur de trop a peut-être décalé la ligne",
        "one separator too many may have shifted the row",
    );
    let place = Place {
        sheet: headed.sheet.name.clone(),
        row: number,
        column: letters(column),
        ..Place::default()
    };
    Finding::new(Code::W2004, None, "", cause, fix).at(place)
}
