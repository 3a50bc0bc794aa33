//! Arguments, commands, failures to exit codes. No logic.
