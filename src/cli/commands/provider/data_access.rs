//! Shows what a description reads on this machine and where it sends secrets.

use serde::Serialize;

use crate::provider::{Descriptor, Disclosure};
use crate::ui::{OutputError, Shell};

/// What a description reads here and sends there.
#[derive(Serialize)]
pub(super) struct DataAccess {
    pub(super) sends: Vec<Disclosure>,
    pub(super) reads: Vec<String>,
}

impl DataAccess {
    pub(super) fn of(service: &Descriptor) -> Self {
        Self {
            sends: service.disclosures(),
            reads: service.local_sources(),
        }
    }

    pub(super) fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        for source in &self.reads {
            shell.result(format!("reads {source}"))?;
        }
        for Disclosure { what, to } in &self.sends {
            shell.result(format!("sends {what} to {to}"))?;
        }
        Ok(())
    }
}
