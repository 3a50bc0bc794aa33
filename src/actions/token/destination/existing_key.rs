//! A key that a new one would replace: the question names it before the new one is created.

use std::path::PathBuf;

/// A key in a file of the user.
#[derive(Debug)]
pub struct ExistingKey {
    pub path: PathBuf,
    /// The variable, or the path of the value in the file.
    pub name: String,
}
