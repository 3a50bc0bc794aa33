//! What every use case works on: one profile in the context of one command.

use crate::actions::{Context, Target};

/// The context of the command, and the profile with its provider.
#[derive(Clone, Copy)]
pub struct ProfileSession<'a> {
    pub context: &'a Context,
    pub target: &'a Target,
}

impl Context {
    pub fn session<'a>(&'a self, target: &'a Target) -> ProfileSession<'a> {
        ProfileSession {
            context: self,
            target,
        }
    }
}
