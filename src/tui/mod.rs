//! The terminal interface (`--visual`); its room, still empty.
