//! From the words of a declaration to typed flows, every finding at once.
