//! The text of bytes whose encoding nobody states: UTF-8, UTF-16 with or without its mark, else the
//! code page that makes the accents of the text French.

use std::borrow::Cow;

use boucle_domain::diagnostic::Code;
use boucle_domain::text::Text;
use boucle_domain::validate::Finding;
use encoding_rs::{Encoding, MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes looked at to tell UTF-16 without its mark.
const LOOKED_AT: usize = 4096;

/// A text with what it was read as.
#[derive(Debug)]
pub(crate) struct Decoded<'b> {
    /// The text, without its mark.
    pub text: Cow<'b, str>,
    /// The encoding, when it had to be told from the letters.
    pub told_by_letters: Option<&'static str>,
}

/// The text of the bytes.
///
/// # Errors
/// A finding with the line where bytes are no text, when no encoding fits.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Decoded<'_>, Box<Finding>> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8_or_letters(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, UTF_16BE);
    }
    match utf16_without_mark(bytes) {
        Some(encoding) => utf16(bytes, encoding),
        None => utf8_or_letters(bytes),
    }
}

/// Whether most of every second byte is nought, as in UTF-16 text of a Latin language.
pub(crate) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let looked_at = &bytes[..bytes.len().min(LOOKED_AT) & !1];
    let pairs = looked_at.len() / 2;
    if pairs < 2 {
        return None;
    }
    let noughts = |at: usize| {
        looked_at
            .chunks_exact(2)
            .filter(|pair| pair[at] == 0)
            .count()
    };
    let (high, low) = (noughts(0), noughts(1));
    // Typographic quotes and the like have a high byte; a binary file has noughts on both sides.
    if low * 10 >= pairs * 8 && high * 20 <= pairs {
        Some(UTF_16LE)
    } else if high * 10 >= pairs * 8 && low * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn utf16(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded<'static>, Box<Finding>> {
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if malformed || bytes.len() % 2 == 1 {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        return Err(not_text(before.matches('\n').count() + 1, "UTF-16"));
    }
    Ok(Decoded {
        text: Cow::Owned(text.into_owned()),
        told_by_letters: None,
    })
}

fn utf8_or_letters(bytes: &[u8]) -> Result<Decoded<'_>, Box<Finding>> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => {
            return Ok(Decoded {
                text: Cow::Borrowed(text),
                told_by_letters: None,
            });
        }
        Err(error) => error.valid_up_to(),
    };
    // UTF-8 letters before the first byte that is none: two encodings in one file, or damage.
    if !bytes[..valid].is_ascii() {
        let line = bytes[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
        return Err(not_text(line, "UTF-8"));
    }
    let encoding = by_letters(bytes);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Ok(Decoded {
        text,
        told_by_letters: Some(if encoding == MACINTOSH {
            "Mac Roman"
        } else {
            "Windows-1252"
        }),
    })
}

/// The code page in which more of the bytes above ASCII are letters of French.
fn by_letters(bytes: &[u8]) -> &'static Encoding {
    // à â ç é è ê ë î ï ô ù û and É À Ê, then the quotes, the degree and the euro.
    const WINDOWS: &[u8] = b"\xE0\xE2\xE7\xE9\xE8\xEA\xEB\xEE\xEF\xF4\xF9\xFB\xC9\xC0\xCA\x92\xAB\xBB\xB0\x80\xB2\xB3\xA0";
    const MAC: &[u8] =
        b"\x88\x89\x8D\x8E\x8F\x90\x91\x94\x95\x99\x9D\x9E\x83\xCB\xE5\xD5\xC7\xC8\xA1\xDB\xCA";
    let mut counts = [0usize; 2];
    for byte in bytes.iter().filter(|byte| !byte.is_ascii()) {
        counts[0] += usize::from(WINDOWS.contains(byte));
        counts[1] += usize::from(MAC.contains(byte));
    }
    if counts[1] > counts[0] {
        MACINTOSH
    } else {
        WINDOWS_1252
    }
}

fn not_text(line: usize, encoding: &str) -> Box<Finding> {
    let cause = Text::new(
        format!(
            "la ligne {line} contient des octets qui ne sont pas de l'{encoding}, alors que le début en est"
        ),
        format!("line {line} holds bytes that are not {encoding}, though the beginning is"),
    );
    let fix = Text::new(
        "enregistrez de nouveau en « CSV UTF-8 » ou en xlsx",
        "save again as \"CSV UTF-8\" or as xlsx",
    );
    Box::new(Finding::new(Code::E1008, None, "", cause, fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Société;Quantité\nFirme « é »;12 m³ à 5 €\n";

    #[test]
    fn one_text_is_read_from_every_encoding_it_may_come_in() {
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let text = if mark {
                format!("\u{feff}{TEXT}")
            } else {
                TEXT.to_owned()
            };
            text.encode_utf16()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let with_mark = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            with_mark,
            utf16(false, true),
            utf16(true, true),
            utf16(false, false),
            utf16(true, false),
            WINDOWS_1252.encode(TEXT).0.into_owned(),
        ] {
            assert_eq!(decoded(&bytes).unwrap().text, TEXT);
        }
        let mac = b"Soci\x8Et\x8E;Quantit\x8E\nd\x8Echets \x88 trier";
        assert_eq!(
            decoded(mac).unwrap().text,
            "Société;Quantité\ndéchets à trier"
        );
    }

    #[test]
    fn two_encodings_in_one_file_are_told_with_the_line() {
        let finding = decoded(b"\xC3\xA9t\xC3\xA9\nsoci\xE9t\xE9").unwrap_err();
        assert_eq!(finding.code, Code::E1008);
        assert!(finding.cause.fr.contains("ligne 2"), "{}", finding.cause.fr);
        assert!(decoded(b"\xFF\xFEa\0b").is_err());
    }
}
