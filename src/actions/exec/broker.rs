//! What the child of `exec --broker` gets instead of the credential: the URL of a proxy, and a placeholder for programs that
//! require a key. The proxy drops the placeholder.

use super::{ProgramEnvironment, VariableName};
use crate::actions::{ActionError, ExecError, ProfileSession};
use crate::domain::Secret;

const PLACEHOLDER: &str = "brainmaps-broker-placeholder";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerVariables {
    urls: Vec<VariableName>,
    placeholders: Vec<VariableName>,
}

impl ProfileSession<'_> {
    /// Checks what the user requested. Without `urls`, the service's own variable gets the URL. The service's variable for
    /// the key always gets the placeholder: this process may have inherited the key in it.
    ///
    /// # Errors
    /// [`ExecError`] if the profile's credential is in the environment already, if a variable is named twice, or if the
    /// service has no variable for its URL.
    pub fn plan_broker(
        self,
        urls: Vec<VariableName>,
        placeholders: Vec<VariableName>,
    ) -> Result<BrokerVariables, ActionError> {
        self.refuse_nested()?;
        super::refuse_duplicates(urls.iter().chain(&placeholders))?;
        let environment = &self.target.descriptor.environment;
        let own = |name: &Option<String>| name.as_deref().and_then(|name| name.parse().ok());
        let mut plan = BrokerVariables { urls, placeholders };
        if plan.urls.is_empty() {
            let url = own(&environment.api_url).ok_or_else(|| ExecError::NoUrlVariable {
                service: self.target.descriptor.name.clone(),
            })?;
            plan.urls.push(url);
        }
        if let Some(key) = own(&environment.api_key)
            && !plan.urls.contains(&key)
            && !plan.placeholders.contains(&key)
        {
            plan.placeholders.push(key);
        }
        Ok(plan)
    }

    /// Returns what is added to the environment of the child.
    pub fn broker_environment(self, plan: &BrokerVariables, url: &Secret) -> ProgramEnvironment {
        let mut added = ProgramEnvironment::default();
        for variable in &plan.urls {
            added.add_variable(variable.to_string(), url.clone());
        }
        for variable in &plan.placeholders {
            added.add_variable(variable.to_string(), Secret::new(PLACEHOLDER));
        }
        self.add_mark(&mut added);
        added
    }
}
