//! Unintended input: a file in a directory, a mistyped key, a key in the wrong argument.

mod descriptions;
mod files;
mod ids;
mod keys;
mod verified;
