//! Bytes of a sheet in, declared flows and findings out; and the way back.
//!
//! [`read`] takes the bytes of a workbook or a csv and gives a [`Declaration`] with every finding,
//! each at its sheet, row and column. [`template`] writes the empty workbook, [`export`] what is
//! stored; what is exported is read back the same. [`changes`] says what an import would do, and
//! [`apply`] does it. The words themselves are read by `boucle_domain::validate`, which knows
//! nothing of sheets.

mod annotate;
mod cells;
mod changes;
mod cnig;
mod columns;
mod csv;
mod encoding;
mod entries;
mod export;
mod headings;
mod irep;
mod layout;
mod listing;
mod mapping;
mod ods;
mod packed;
mod public;
mod reading;
mod register;
mod rows;
mod sheet;
mod sniff;
mod suggestions;
mod template;
mod workbook;
mod xls;
mod xlsx;
mod xml;

pub use annotate::annotate;
pub use boucle_domain::validate::{Context, Declaration};
pub use changes::{Changed, Changes, Mode, apply, changes};
pub use export::{Format, export};
pub use listing::{ByWords, Listed};
pub use mapping::Mapping;
pub use reading::{Mappings, Reading, RowPlace, SkipReason, Skipped};
pub use rows::{File, read, read_files, read_with};
pub use suggestions::suggestions;
pub use template::template;

/// Limits of what is read, so that no file can exhaust the machine.
pub mod limits {
    /// Files that are read together.
    pub const FILES: usize = 8;
    /// Largest size of the files read together, in bytes: a register of 200 000 shipments has some 40 MB.
    pub const FILE_BYTES: usize = 64 << 20;
    /// Largest content of a workbook once unpacked, in bytes.
    pub const UNPACKED_BYTES: u64 = 256 << 20;
    /// Rows of a sheet.
    pub const ROWS: u32 = 200_000;
    /// Lines of a register in a text: they are summed as they are read, so that none is kept.
    pub const LINES: u32 = 2_000_000;
    /// Flows that the lines of a register are summed into.
    pub const STREAMS: usize = 100_000;
    /// Filled cells of a file.
    pub const CELLS: usize = 4_000_000;
    /// Columns of a sheet that are looked at.
    pub const COLUMNS: u32 = 512;
    /// Joined cells of a sheet that are looked at.
    pub const MERGED_AREAS: usize = 100_000;
    /// Characters of a cell.
    pub const CELL_CHARACTERS: usize = 4_000;
}

/// Why a file could not be written. Reading has no errors: what is wrong with a file is a finding.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The workbook could not be put together.
    #[error("workbook not written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The text could not be put together.
    #[error("csv not written: {0}")]
    Csv(#[from] ::csv::Error),
}

#[cfg(test)]
mod tests;
