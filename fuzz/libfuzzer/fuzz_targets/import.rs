#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| boucle_fuzz::import(bytes));
