//! Prepares a case: the values for the client's command and environment, a browser, and the token of a workload.

use super::browser::Browser;
use super::common::{Case, ClientError, ClientInput};
use super::flow::ClientFlow;
use super::workload::SubjectToken;
use crate::state::Sandbox;
use crate::{basic_memory, brainmaps};

pub(super) struct SetUp {
    pub(super) input: Vec<ClientInput>,
    pub(super) browser: Browser,
    pub(super) resource: Option<String>,
    pub(super) subject_token: Option<SubjectToken>,
}

impl SetUp {
    pub(super) fn new(
        flow: ClientFlow,
        case: &'static Case,
        sandbox: &Sandbox,
        issuer: &str,
    ) -> Result<Self, ClientError> {
        let client_id = match case.issuer_path {
            "" => brainmaps::CLIENT_ID,
            _ => basic_memory::CLIENT_ID,
        };
        let mut set_up = Self {
            input: vec![
                ClientInput::new("{issuer}", "ISSUER", issuer.to_owned()),
                ClientInput::new("{client_id}", "CLIENT_ID", client_id.to_owned()),
            ],
            browser: Browser::new(case)?,
            resource: None,
            subject_token: None,
        };
        set_up.input.extend(set_up.browser.input());
        match flow {
            ClientFlow::Device | ClientFlow::Browser => {}
            ClientFlow::Resource => set_up.add_resource(format!("{issuer}/resource")),
            ClientFlow::Workload => set_up.add_token(SubjectToken::create(sandbox, issuer)?),
        }
        Ok(set_up)
    }

    fn add_resource(&mut self, url: String) {
        let input = ClientInput::new("{resource}", "RESOURCE", url.clone());
        self.input.push(input);
        self.resource = Some(url);
    }

    fn add_token(&mut self, token: SubjectToken) {
        let path = token.path().to_string_lossy().into_owned();
        let input = ClientInput::new("{subject_token_file}", "SUBJECT_TOKEN_FILE", path);
        self.input.push(input);
        self.subject_token = Some(token);
    }
}
