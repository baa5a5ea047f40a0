//! What the sheet of a workbook of Excel hides and merges; the cells themselves are read elsewhere.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use crate::limits;
use crate::packed::Archive;
use crate::sheet::{Area, Sheet, column_of_letters};
use crate::xml::{Broken, attribute, reader};

/// The part of the archive that holds each sheet, by its name.
pub(super) fn parts(archive: &mut Archive) -> Result<BTreeMap<String, String>, Broken> {
    let mut targets = BTreeMap::new();
    if archive
        .index_for_name("xl/_rels/workbook.xml.rels")
        .is_some()
    {
        elements(archive, "xl/_rels/workbook.xml.rels", |name, get| {
            if name == "Relationship"
                && let (Some(id), Some(target)) = (get("Id"), get("Target"))
            {
                let target = target.trim_start_matches('/');
                let path = match target.starts_with("xl/") {
                    true => target.to_owned(),
                    false => format!("xl/{target}"),
                };
                targets.insert(id, path);
            }
            true
        })?;
    }
    let mut parts = BTreeMap::new();
    elements(archive, "xl/workbook.xml", |name, get| {
        if name == "sheet"
            && let (Some(sheet), Some(id)) = (get("name"), get("id"))
            && let Some(target) = targets.get(&id)
        {
            parts.insert(sheet, target.clone());
        }
        true
    })?;
    Ok(parts)
}

/// Reads what is hidden and merged into the sheet.
pub(super) fn read(archive: &mut Archive, part: &str, sheet: &mut Sheet) -> Result<(), Broken> {
    if archive.index_for_name(part).is_none() {
        return Ok(());
    }
    let hidden = |value: Option<String>| matches!(value.as_deref(), Some("1" | "true"));
    elements(archive, part, |name, get| {
        match name {
            "col" if hidden(get("hidden")) => {
                let bound = |name| get(name).and_then(|text| text.parse::<u32>().ok());
                if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                    // The columns to the right of the table are often hidden as well: cut them off.
                    let last = last.min(limits::COLUMNS);
                    if (1..=last).contains(&first) {
                        sheet.hidden_columns.push((first - 1, last - 1));
                    }
                }
            }
            "row" if hidden(get("hidden")) => {
                if let Some(number) = get("r").and_then(|text| text.parse().ok()) {
                    sheet.hidden_rows.push(number);
                }
            }
            "mergeCell" => {
                if let Some(area) = get("ref").as_deref().and_then(area) {
                    sheet.merged.push(area);
                }
            }
            _ => {}
        }
        sheet.merged.len() < limits::MERGED_AREAS
    })
}

/// Gives each opening element to `visit`, by local name, until it says to stop.
fn elements(
    archive: &mut Archive,
    part: &str,
    mut visit: impl FnMut(&str, &dyn Fn(&str) -> Option<String>) -> bool,
) -> Result<(), Broken> {
    let mut reader = reader(archive.by_name(part)?);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) => {
                let name = element.local_name();
                if !visit(name.as_ref(), &|name| attribute(&element, name)) {
                    return Ok(());
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

/// `A3:A6`.
fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':')?;
    let cell = |text: &str| -> Option<(u32, u32)> {
        let at = text.find(|character: char| character.is_ascii_digit())?;
        Some((
            text.get(at..)?.parse().ok()?,
            column_of_letters(text.get(..at)?)?,
        ))
    };
    let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
    (top <= bottom && left <= right && top > 0).then_some(Area {
        top,
        bottom,
        left,
        right,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_read_from_its_corners() {
        assert_eq!(
            area("A3:C6"),
            Some(Area {
                top: 3,
                bottom: 6,
                left: 0,
                right: 2
            })
        );
        for text in ["", "A3", "C6:A3", "3:6", "é1:é2", "A0:A0"] {
            assert_eq!(area(text), None, "{text}");
        }
    }
}
