//! Bytes of a sheet in, rows and diagnostics out.
