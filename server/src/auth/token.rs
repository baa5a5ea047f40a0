//! The token file: who may call a server that listens beyond its own machine.
//!
//! One token a line, columns separated by tabs; `#` opens a comment:
//!
//! ```text
//! token                             role      territory  firm
//! sha256:9f86d081884c7d659a2feaa0…  animator  flandre
//! 3q8Fv0-a-long-random-text         firm      flandre    siren:552100554
//! ```
//!
//! `*` as a territory is for the operator alone. A token is kept as its SHA-256 only.

use std::collections::HashMap;

use boucle_domain::id::{FirmKey, TerritoryId};
use sha2::{Digest, Sha256};

use super::policy::{Principal, Role};

/// Characters of the shortest token accepted in clear.
const SHORTEST: usize = 16;

/// What is wrong with a token file; never quotes a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A line that cannot be read.
    #[error("token file, line {line}: {why}")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// No token at all: nobody could call.
    #[error("the token file holds no token")]
    Empty,
}

/// Recognises tokens.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    by_digest: HashMap<[u8; 32], Principal>,
}

impl Tokens {
    /// Reads a token file.
    ///
    /// # Errors
    /// The first line that cannot be read: unknown role, short token, firm missing or superfluous.
    pub fn read(text: &str) -> Result<Tokens, TokenError> {
        let mut tokens = Tokens::default();
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let wrong = |why| TokenError::Line {
                line: line_number,
                why,
            };
            let content = line.trim_end_matches('\r');
            if content.trim().is_empty() || content.trim_start().starts_with('#') {
                continue;
            }
            let mut columns = content
                .split('\t')
                .map(str::trim)
                .filter(|column| !column.is_empty());
            let token = columns.next().unwrap_or_default();
            if index == 0 && token == "token" {
                continue;
            }
            let role = columns.next().ok_or(wrong("a role is missing"))?;
            let role = Role::from_code(role).ok_or(wrong(
                "the role is none of operator, animator, firm, analyst, viewer",
            ))?;
            let territory = match columns.next() {
                None => return Err(wrong("a territory is missing")),
                Some("*") if role == Role::Operator => None,
                Some("*") => return Err(wrong("only an operator is for every territory")),
                Some(territory) => Some(TerritoryId::new(territory)),
            };
            let firm = columns.next().map(FirmKey::new);
            if (role == Role::Firm) != firm.is_some() {
                return Err(wrong("a firm is named for the role firm, and for no other"));
            }
            if columns.next().is_some() {
                return Err(wrong("there are more than four columns"));
            }
            let digest = digest_of(token).map_err(wrong)?;
            let principal = Principal {
                name: format!("token:{}", short(&digest)),
                role,
                territory,
                firm,
                local: false,
            };
            if tokens.by_digest.insert(digest, principal).is_some() {
                return Err(wrong("this token was given before"));
            }
        }
        if tokens.by_digest.is_empty() {
            Err(TokenError::Empty)
        } else {
            Ok(tokens)
        }
    }

    /// Who a token stands for.
    ///
    /// The table is searched by digest, so the time of a search tells nothing about a token.
    pub fn recognise(&self, token: &str) -> Option<&Principal> {
        self.by_digest
            .get(&<[u8; 32]>::from(Sha256::digest(token.as_bytes())))
    }
}

/// The digest a token column stands for.
fn digest_of(column: &str) -> Result<[u8; 32], &'static str> {
    if let Some(hexadecimal) = column.strip_prefix("sha256:") {
        return read_digest(hexadecimal).ok_or("sha256: must be followed by 64 hexadecimal digits");
    }
    if column.chars().count() < SHORTEST {
        return Err("a token needs at least 16 characters");
    }
    Ok(Sha256::digest(column.as_bytes()).into())
}

/// Reads 64 hexadecimal digits.
fn read_digest(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// Enough of a digest to tell callers apart in a log.
fn short(digest: &[u8; 32]) -> String {
    digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "token\trole\tterritory\tfirm\n# the animator\nabcdefghijklmnop\tanimator\tflandre\n\
        sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\tfirm\tflandre\tsiren:552100554\n";

    #[test]
    fn a_token_in_clear_or_by_its_digest_is_recognised() {
        let tokens = Tokens::read(GOOD).unwrap();
        assert_eq!(
            tokens.recognise("abcdefghijklmnop").unwrap().role,
            Role::Animator
        );
        let firm = tokens.recognise("test").unwrap();
        assert_eq!(firm.firm, Some(FirmKey::new("siren:552100554")));
        assert!(tokens.recognise("abcdefghijklmnoq").is_none());
    }

    #[test]
    fn a_bad_line_is_named_and_its_token_is_not() {
        let refused = |text: &str| Tokens::read(text).unwrap_err().to_string();
        assert!(refused("abcdefghijklmnop\tking\tflandre").contains("line 1"));
        assert!(!refused("abcdefghijklmnop\tking\tflandre").contains("abcdef"));
        assert!(refused("short\tanimator\tflandre").contains("16 characters"));
        assert!(refused("abcdefghijklmnop\tanimator\t*").contains("operator"));
        assert!(refused("abcdefghijklmnop\tfirm\tflandre").contains("firm"));
        assert!(refused("sha256:é\tanimator\tflandre").contains("hexadecimal"));
        assert_eq!(Tokens::read("# nothing\n").unwrap_err(), TokenError::Empty);
    }
}
