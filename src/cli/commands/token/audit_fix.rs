//! `token audit --fix`: asks for each finding and rotates or revokes its token.

use jiff::SignedDuration;

use super::audit_report::token_label;
use super::narrow::plan_narrowing;
use super::password::{ConfirmedCommand, PasswordArgs};
use super::revoke::own_credential_text;
use crate::actions::{
    ActionError, Audit, AuditFinding, AuditPolicy, Context, ProfileSession, Remedy,
    RotationRequest, Target,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, Failure, print_unstored_secret, report_on_stderr};
use crate::domain::{ProfileName, TokenId};
use crate::provider::TokenVerb;
use crate::ui::{Line, prompt};

/// Removes the findings about each token that is rotated or revoked. A failure does not stop the others.
pub(super) fn offer_fixes(
    app: &App,
    context: &mut Context,
    policy: &AuditPolicy,
    audit: &mut Audit,
) -> Result<(), Failure> {
    let mut asked: Vec<(ProfileName, TokenId)> = Vec::new();
    for finding in audit.findings.clone() {
        let Some(fix) = Fix::new(&finding) else {
            continue;
        };
        let token = (fix.profile.clone(), fix.id.clone());
        let is_present = audit.findings.contains(&finding);
        if !is_present || asked.contains(&token) || !fix.is_wanted(app, context)? {
            continue;
        }
        asked.push(token);
        match fix.apply(app, context, policy) {
            Ok(()) => audit.findings.retain(|other| !fix.covers(other)),
            Err(failure) if failure.code == Code::Interrupted => return Err(failure),
            Err(failure) => {
                context.record_failures(&failure.code.name());
                let failure = failure.about_profile(fix.profile);
                report_on_stderr(&app.shell, &failure);
                print_unstored_secret(&app.shell, &failure);
            }
        }
    }
    Ok(())
}

/// What can be done about a finding.
struct Fix<'a> {
    finding: &'a AuditFinding,
    profile: &'a ProfileName,
    id: &'a TokenId,
    remedy: Remedy,
}

impl<'a> Fix<'a> {
    fn new(finding: &'a AuditFinding) -> Option<Self> {
        Some(Self {
            finding,
            profile: finding.profile.as_ref()?,
            id: finding.token.as_ref()?,
            remedy: finding.remedy?,
        })
    }

    fn covers(&self, other: &AuditFinding) -> bool {
        other.profile.as_ref() == Some(self.profile) && other.token.as_ref() == Some(self.id)
    }

    fn is_wanted(&self, app: &App, context: &Context) -> Result<bool, Failure> {
        let (verb, own) = match self.remedy {
            Remedy::Rotate => ("Rotate", ""),
            Remedy::Narrow => ("Narrow", ""),
            Remedy::Revoke => {
                let target = self.target(context)?;
                let ids = std::slice::from_ref(self.id);
                let own = own_credential_text(context.session(&target), ids);
                ("Revoke", own)
            }
        };
        let (token, profile) = (token_label(self.finding), self.profile);
        let message = &self.finding.message;
        let question = format!("{verb} {token} of profile `{profile}` ({message}){own}?");
        Ok(prompt::confirm(&app.shell, &question, false)?)
    }

    fn target(&self, context: &Context) -> Result<Target, Failure> {
        let index = context.vault.index().map_err(ActionError::from)?;
        Ok(Target::for_profile(context, &index, self.profile.clone())?)
    }

    fn apply(&self, app: &App, context: &mut Context, policy: &AuditPolicy) -> Result<(), Failure> {
        let target = self.target(context)?;
        let verb = match self.remedy {
            Remedy::Rotate | Remedy::Narrow => TokenVerb::Rotate,
            Remedy::Revoke => TokenVerb::Revoke,
        };
        let command = ConfirmedCommand::new(&verb, &[self.id.to_string()]);
        // Asked for each token: the profiles are of several services, and a one-time password is valid once.
        context.typed_secrets = PasswordArgs::default().read(app, &target.descriptor, &command)?;
        let session = context.session(&target);
        let text = match self.remedy {
            Remedy::Rotate => self.rotate(session, None)?,
            Remedy::Narrow => self.rotate(session, Some(policy.observed))?,
            Remedy::Revoke => self.revoke(session)?,
        };
        app.shell.status(Line::success(text));
        Ok(())
    }

    /// Rotates the token; to the rights that the record of `observed` shows, if it is given.
    fn rotate(
        &self,
        session: ProfileSession<'_>,
        observed: Option<SignedDuration>,
    ) -> Result<String, Failure> {
        let request = RotationRequest::new(self.id);
        let plan = observed.map(|observed| plan_narrowing(session, request, Some(observed)));
        let plan = plan.transpose()?;
        let request = RotationRequest {
            narrowed: plan.as_ref(),
            ..request
        };
        let rotated = block_on_interruptible(session.context, || session.rotate_token(request))?;
        let place = if rotated.is_shown() {
            format!(", the key of profile `{}`", self.profile)
        } else {
            String::new()
        };
        let new = rotated.new.id.map(|id| id.to_string()).unwrap_or_default();
        Ok(format!("Replaced token {} with {new}{place}", self.id))
    }

    fn revoke(&self, session: ProfileSession<'_>) -> Result<String, Failure> {
        let ids = std::slice::from_ref(self.id);
        let revoked = block_on_interruptible(session.context, || session.revoke_tokens(ids))?;
        for revocation in revoked {
            revocation.outcome?;
        }
        Ok(format!("Revoked token {}", self.id))
    }
}
