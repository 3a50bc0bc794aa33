//! Passes the credential to a program that replaces this one: in variables, or in files that exist only in memory.

mod broker;
mod variable;

use std::os::fd::OwnedFd;

use crate::actions::{ActionError, ExecError, ProfileSession, ResolvedCredential};
use crate::domain::{BaseUrl, Secret};
use crate::helper::text::TextFormat;
use crate::host::{EXEC_VARIABLE, sealed_memory_file};

pub use broker::BrokerVariables;
pub use variable::{CiVariableName, VariableName};

/// What the program gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Credential,
    /// The whole line: `Authorization: Bearer …`.
    HeaderLine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryMethod {
    Variable,
    /// A sealed file in memory; the variable has its path.
    File,
}

/// One variable of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub variable: VariableName,
    pub form: Form,
    pub method: DeliveryMethod,
}

/// The additions to the environment of the program. The files live as long as this value, and in the program that
/// replaces this one.
#[derive(Debug, Default)]
pub struct ProgramEnvironment {
    pub variables: Vec<ProgramVariable>,
    files: Vec<OwnedFd>,
}

#[derive(Debug)]
pub struct ProgramVariable {
    pub name: String,
    pub value: Secret,
}

impl ProfileSession<'_> {
    /// Checks the requested deliveries. Without any, returns the one to the service's own variable.
    ///
    /// # Errors
    /// [`ExecError`] if the profile's credential is in the environment already, if a variable is named twice, or if the
    /// service has no variable of its own.
    pub fn plan_exec(self, requested: Vec<Delivery>) -> Result<Vec<Delivery>, ActionError> {
        self.refuse_nested()?;
        if requested.is_empty() {
            return Ok(vec![self.default_delivery()?]);
        }
        refuse_duplicates(requested.iter().map(|delivery| &delivery.variable))?;
        Ok(requested)
    }

    /// Fails if `format` names the service's variable, and it has none.
    ///
    /// # Errors
    /// [`ExecError::NoVariable`].
    pub fn require_variable(self, format: TextFormat) -> Result<(), ActionError> {
        if format.needs_variable() {
            self.default_delivery()?;
        }
        Ok(())
    }

    fn default_delivery(self) -> Result<Delivery, ActionError> {
        let descriptor = &self.target.descriptor;
        let own = descriptor.environment.api_key.as_deref();
        let variable = own.and_then(|name| name.parse().ok());
        let variable = variable.ok_or_else(|| ExecError::NoVariable {
            service: descriptor.name.clone(),
        })?;
        Ok(Delivery {
            variable,
            form: Form::Credential,
            method: DeliveryMethod::Variable,
        })
    }

    /// A nested run would take the credential of the outer one for an API key, which it cannot refresh.
    fn refuse_nested(self) -> Result<(), ActionError> {
        let own = self.exec_mark();
        let is_running = |mark: &String| mark.split(':').next() == Some(&own);
        if self.running_profiles().iter().any(is_running) {
            let profile = self.target.name.to_string();
            return Err(ExecError::Nested { profile }.into());
        }
        Ok(())
    }

    fn running_profiles(self) -> Vec<String> {
        let outer = self.context.environment.get(EXEC_VARIABLE);
        let marks = outer.into_iter().flat_map(|marks| marks.split(','));
        marks.map(|mark| mark.trim().to_owned()).collect()
    }

    /// The profile in [`EXEC_VARIABLE`]. The sandbox has credentials of its own.
    fn exec_mark(self) -> String {
        let prefix = if self.context.options.sandbox {
            "sandbox/"
        } else {
            ""
        };
        format!("{prefix}{}", self.target.name)
    }

    /// Returns the variables that the program gets with another value than this one has.
    fn changed_variables(self, added: &ProgramEnvironment) -> Vec<String> {
        let environment = &self.context.environment;
        let is_changed =
            |it: &&ProgramVariable| environment.get(&it.name) != Some(it.value.expose());
        let changed = added.variables.iter().filter(is_changed);
        changed.map(|it| it.name.clone()).collect()
    }

    /// Returns what is added to the environment of the program.
    ///
    /// # Errors
    /// [`ExecError::MemoryFile`].
    pub fn program_environment(
        self,
        selected: &ResolvedCredential,
        deliveries: &[Delivery],
    ) -> Result<ProgramEnvironment, ActionError> {
        let mut added = ProgramEnvironment::default();
        for delivery in deliveries {
            let text = match delivery.form {
                Form::Credential => selected.credential.secret.clone(),
                Form::HeaderLine => self.auth_header(selected).line(),
            };
            let value = match delivery.method {
                DeliveryMethod::Variable => text,
                DeliveryMethod::File => added.add_file(&text)?,
            };
            added.add_variable(delivery.variable.to_string(), value);
        }
        self.add_url(selected, &mut added);
        self.add_mark(&mut added);
        Ok(added)
    }

    /// Adds the service's variable for the URL if the program gets the key in the service's variable, and would send it to another
    /// server. Adds none that the user requested for the credential, or that the system uses.
    fn add_url(self, selected: &ResolvedCredential, added: &mut ProgramEnvironment) {
        let service = &self.target.descriptor;
        let has_key = |it: &ProgramVariable| service.environment.api_key.as_ref() == Some(&it.name);
        let variable = service.environment.api_url.as_deref();
        let variable = variable.and_then(|name| name.parse::<VariableName>().ok());
        let Some(variable) = variable.map(|name| name.to_string()) else {
            return;
        };
        if added.variables.iter().any(|it| it.name == variable) {
            return;
        }
        let default = || service.api_url.as_ref().map(BaseUrl::to_string);
        let inherited = self.context.environment.get(&variable).map(str::to_owned);
        let url = selected.base.to_string();
        if added.variables.iter().any(has_key) && inherited.or_else(default).as_ref() != Some(&url)
        {
            added.add_variable(variable, Secret::new(url));
        }
    }

    /// Records the profile and the variables, so that this program does not use them for anything else.
    fn add_mark(self, added: &mut ProgramEnvironment) {
        let mark = [vec![self.exec_mark()], self.changed_variables(added)].concat();
        let marks = [self.running_profiles(), vec![mark.join(":")]].concat();
        added.add_variable(EXEC_VARIABLE.to_owned(), Secret::new(marks.join(",")));
    }
}

fn refuse_duplicates<'a>(
    variables: impl IntoIterator<Item = &'a VariableName>,
) -> Result<(), ExecError> {
    let mut seen: Vec<&VariableName> = Vec::new();
    for variable in variables {
        if seen.contains(&variable) {
            return Err(ExecError::DuplicateVariable(variable.to_string()));
        }
        seen.push(variable);
    }
    Ok(())
}

impl ProgramVariable {
    pub fn as_pair(&self) -> (&str, &Secret) {
        (&self.name, &self.value)
    }
}

impl ProgramEnvironment {
    /// Returns the path of the file.
    fn add_file(&mut self, text: &Secret) -> Result<Secret, ActionError> {
        let file = sealed_memory_file(text).map_err(ExecError::MemoryFile)?;
        self.files.push(file.descriptor);
        Ok(Secret::new(file.path))
    }

    fn add_variable(&mut self, name: String, value: Secret) {
        self.variables.push(ProgramVariable { name, value });
    }
}
