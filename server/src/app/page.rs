//! Pages of long lists: sizes, and tokens that callers carry without looking inside.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::{Result, ServiceError};

/// Rows of a page when none are asked for.
pub const DEFAULT_SIZE: u32 = 50;

/// Rows of the longest page.
pub const LARGEST_SIZE: u32 = 1_000;

/// What a caller asks of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows at most; 0 takes the default.
    pub size: u32,
    /// Token of the page before; empty for the first page.
    pub token: String,
}

/// A page, and the token of the next one when there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Paged<T> {
    /// Rows.
    pub items: Vec<T>,
    /// Token of the next page; empty at the end.
    pub next: String,
}

/// What a token holds: which list under which filter, and the last key sent.
#[derive(Serialize, Deserialize)]
struct Token<K> {
    list: String,
    key: K,
}

impl PageRequest {
    /// Rows to answer with.
    pub fn rows(&self) -> u32 {
        if self.size == 0 {
            DEFAULT_SIZE
        } else {
            self.size.min(LARGEST_SIZE)
        }
    }

    /// The key after which the page starts; `None` at the beginning.
    ///
    /// # Errors
    /// [`ServiceError::PageToken`] unless the token was made for this list and filter.
    pub fn after<K: DeserializeOwned>(
        &self,
        list: &str,
        filter: &impl Serialize,
    ) -> Result<Option<K>> {
        if self.token.is_empty() {
            return Ok(None);
        }
        let bytes = read_hexadecimal(&self.token).ok_or(ServiceError::PageToken)?;
        let token: Token<K> =
            serde_json::from_slice(&bytes).map_err(|_| ServiceError::PageToken)?;
        if token.list == name_of(list, filter)? {
            Ok(Some(token.key))
        } else {
            Err(ServiceError::PageToken)
        }
    }
}

/// The token of the page that follows `key`.
pub fn token<K: Serialize>(list: &str, filter: &impl Serialize, key: K) -> Result<String> {
    let token = Token {
        list: name_of(list, filter)?,
        key,
    };
    Ok(hexadecimal(
        &serde_json::to_vec(&token).map_err(ServiceError::internal)?,
    ))
}

/// Name of a list under a filter.
fn name_of(list: &str, filter: &impl Serialize) -> Result<String> {
    let filter = serde_json::to_vec(filter).map_err(ServiceError::internal)?;
    Ok(format!(
        "{list}:{}",
        hexadecimal(&Sha256::digest(&filter)[..8])
    ))
}

/// Lower-case hexadecimal digits of bytes.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of hexadecimal digits.
fn read_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(token: String) -> PageRequest {
        PageRequest { size: 0, token }
    }

    #[test]
    fn a_token_brings_back_its_key_under_the_same_filter_only() {
        let token = token("flows", &("zone-1", ""), ("site", 3)).unwrap();
        assert_eq!(
            asked(token.clone())
                .after::<(String, u8)>("flows", &("zone-1", ""))
                .unwrap()
                .unwrap()
                .1,
            3
        );
        assert!(
            asked(token.clone())
                .after::<(String, u8)>("flows", &("zone-2", ""))
                .is_err()
        );
        assert!(
            asked(token)
                .after::<(String, u8)>("sites", &("zone-1", ""))
                .is_err()
        );
    }

    #[test]
    fn any_text_may_come_as_a_token() {
        for text in ["z", "é", "00", "7b7d", "+1+1", "ffff"] {
            assert!(
                asked(text.to_owned())
                    .after::<String>("flows", &())
                    .is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_size_of_zero_is_fifty_and_none_is_above_a_thousand() {
        let rows = |size| {
            PageRequest {
                size,
                token: String::new(),
            }
            .rows()
        };
        assert_eq!((rows(0), rows(7), rows(5_000)), (50, 7, 1_000));
    }
}
