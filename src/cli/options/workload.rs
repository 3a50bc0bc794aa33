//! The options for the identity of a workload: of a login, and of the profile for later ones.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::actions::WorkloadOptions;
use crate::cli::failure::{Code, Failure};
use crate::domain::{SubjectTokenType, WorkloadGrant};

#[derive(Debug, Clone, Default, Args)]
#[group(id = "workload_options", multiple = true)]
pub(crate) struct WorkloadArgs {
    /// Read the identity from FILE instead of asking the platform
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    subject_token_file: Option<PathBuf>,
    /// Set the token type of the identity [default: jwt]
    #[arg(long, value_name = "TYPE")]
    subject_token_type: Option<SubjectTokenTypeArg>,
    /// Set the audience of the identity [default: the issuer]
    #[arg(long, value_name = "AUDIENCE", value_parser = super::text::parse_text)]
    subject_token_audience: Option<String>,
    /// Set the grant that exchanges the identity [default: token-exchange]
    #[arg(long, value_name = "GRANT")]
    grant: Option<GrantArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum SubjectTokenTypeArg {
    Jwt,
    IdToken,
    AccessToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GrantArg {
    /// RFC 8693
    TokenExchange,
    /// RFC 7523
    JwtBearer,
}

impl WorkloadArgs {
    /// # Errors
    /// If a type is named for a grant that has none.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.subject_token_type.is_some() && self.grant == Some(GrantArg::JwtBearer) {
            let text = "--subject-token-type cannot be used with --grant jwt-bearer";
            return Err(Failure::new(Code::Usage, text));
        }
        Ok(())
    }

    pub(crate) fn options(&self) -> WorkloadOptions {
        let kind = self.subject_token_type.map(|kind| match kind {
            SubjectTokenTypeArg::Jwt => SubjectTokenType::Jwt,
            SubjectTokenTypeArg::IdToken => SubjectTokenType::IdToken,
            SubjectTokenTypeArg::AccessToken => SubjectTokenType::AccessToken,
        });
        let grant = self.grant.map(|grant| match grant {
            GrantArg::TokenExchange => WorkloadGrant::TokenExchange,
            GrantArg::JwtBearer => WorkloadGrant::JwtBearer,
        });
        WorkloadOptions {
            grant,
            subject_token_type: kind,
            subject_token_file: self.subject_token_file.clone(),
            subject_token_audience: self.subject_token_audience.clone(),
        }
    }

    /// Returns `true` if an option is set.
    pub(crate) fn is_set(&self) -> bool {
        self.subject_token_file.is_some()
            || self.subject_token_type.is_some()
            || self.subject_token_audience.is_some()
            || self.grant.is_some()
    }
}
