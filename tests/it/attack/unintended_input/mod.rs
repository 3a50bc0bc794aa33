//! Choices: what a file in a directory, a mistyped key or a key in the wrong place makes a command do.

mod descriptions;
mod files;
mod ids;
mod keys;
mod verified;
