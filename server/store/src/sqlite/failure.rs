//! What a failure of SQLite means to a caller.

use crate::{Entity, StoreError};

/// Primary result codes, <https://sqlite.org/rescode.html>.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::PoolTimedOut => StoreError::Busy,
            sqlx::Error::Database(failure) => {
                // The low byte of the extended code is the primary one.
                let code = failure
                    .code()
                    .and_then(|code| code.parse::<u32>().ok())
                    .map(|code| code & 0xff);
                match code {
                    Some(BUSY | LOCKED) => StoreError::Busy,
                    Some(CORRUPT | NOT_A_DATABASE) => {
                        StoreError::corrupt(Entity::Database, failure.message())
                    }
                    _ => StoreError::Backend(Box::new(error)),
                }
            }
            _ => StoreError::Backend(Box::new(error)),
        }
    }
}
