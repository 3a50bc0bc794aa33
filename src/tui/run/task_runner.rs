//! Runs tasks. Each runs the action of the command with the same name, and sends its progress and its result.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::dependencies::Dependencies;
use super::profile_tasks;
use crate::actions::{
    ActionError, Context, Event, ListOptions, LogoutResult, ProfileSession, Revocation,
    RotationError, RotationRequest, SecretTarget, Target, TokenTargets, UndeliveredToken,
    revoke_if_proven, set_default_profile,
};
use crate::domain::{ApiToken, CreatedToken, ProfileName, Secret, TokenId};
use crate::service::NewToken;
use crate::tui::msg::{
    AuditResult, BulkAction, ErrorView, Msg, ProfileState, RotateRequest, RotateResult, SaveResult,
    SignInRequest, SignInResult, TaskId, TaskKind, TaskResult, ViewResult,
};

/// A task for a profile, and its number.
pub(super) struct TaskRequest {
    pub(super) task: TaskId,
    pub(super) profile: ProfileName,
    pub(super) kind: TaskKind,
}

struct TaskRunner<'a> {
    dependencies: &'a Dependencies,
    context: &'a Context,
    send: &'a UnboundedSender<Msg>,
    task: TaskId,
    cancel_signal: watch::Receiver<bool>,
}

/// Runs a task until it is done or cancelled, and sends the result.
pub(super) async fn run(
    dependencies: &Dependencies,
    send: UnboundedSender<Msg>,
    request: TaskRequest,
    cancel_signal: watch::Receiver<bool>,
) {
    let TaskRequest {
        task,
        profile,
        kind,
    } = request;
    let send_event = send.clone();
    let events = move |event: &Event| {
        // A closed channel means that the interface is being closed.
        let _closed = send_event.send(Msg::Progress(task, event.clone()));
    };
    let result = match (dependencies.context)(&profile, Box::new(events)) {
        Ok(mut context) => {
            context.options.replace =
                matches!(&kind, TaskKind::SignIn(request) if request.replaces_session);
            let runner = TaskRunner {
                dependencies,
                context: &context,
                send: &send,
                task,
                cancel_signal,
            };
            runner.run(profile, kind).await
        }
        Err(error) => failed_result(&kind, profile, error),
    };
    let _closed = send.send(Msg::Done(task, result));
}

impl TaskRunner<'_> {
    fn to_view_result<T>(&self, result: Result<T, ActionError>) -> ViewResult<T> {
        result.map_err(|error| (self.dependencies.to_error_view)(error))
    }

    /// Runs `work` until it is done or cancelled. Cancellation waits for critical sections.
    async fn run_cancellable<T>(
        &self,
        mut work: LocalBoxFuture<'_, Result<T, ActionError>>,
    ) -> ViewResult<T> {
        let result = tokio::select! {
            result = &mut work => result,
            () = self.wait_for_cancel() => tokio::select! {
                () = self.context.shutdown_guard.begin_shutdown() => return Err(cancelled_error()),
                result = &mut work => result,
            },
        };
        self.to_view_result(result)
    }

    async fn wait_for_cancel(&self) {
        let mut signal = self.cancel_signal.clone();
        if signal.wait_for(|is_cancelled| *is_cancelled).await.is_err() {
            // The sender is dropped: nothing can cancel this task any more.
            std::future::pending::<()>().await;
        }
    }

    async fn run(&self, profile: ProfileName, kind: TaskKind) -> TaskResult {
        let context = self.context;
        match kind {
            TaskKind::VerifyCredential => TaskResult::Verified(self.verify_credential().await),
            TaskKind::RefreshStatus => {
                TaskResult::Status(self.to_view_result(profile_tasks::profile_state(context)))
            }
            TaskKind::ListTokens => TaskResult::TokensListed(self.list_tokens().await),
            TaskKind::ListSessions => {
                TaskResult::Sessions(profile_tasks::list_sessions(self.dependencies, context))
            }
            TaskKind::AuditTokens => TaskResult::Audited(self.audit_tokens().await),
            TaskKind::ListLoginMethods => {
                let methods = profile_tasks::list_login_methods(context);
                TaskResult::LoginMethods(self.to_view_result(methods))
            }
            TaskKind::SignIn(request) => TaskResult::SignedIn(self.sign_in(request).await),
            TaskKind::CreateToken(new_token) => {
                TaskResult::Created(self.create_token(&new_token).await)
            }
            TaskKind::RotateToken(request) => TaskResult::Rotated(self.rotate(request).await),
            TaskKind::ApplyBulkAction(action, ids) => {
                TaskResult::BulkCompleted(self.apply_bulk_action(action, &ids).await)
            }
            TaskKind::SaveSecret(target, secret) => {
                TaskResult::Saved(self.to_view_result(write_env_file(context, target, &secret)))
            }
            TaskKind::RefreshSession(min_lifetime) => {
                TaskResult::Refreshed(profile, self.refresh(min_lifetime).await)
            }
            TaskKind::LogOut => TaskResult::LoggedOut(profile, self.log_out().await),
            TaskKind::SetDefaultProfile => {
                TaskResult::DefaultProfileSet(self.set_default(profile).await)
            }
            TaskKind::OpenBrowser(url) => TaskResult::BrowserOpened(self.open_browser(&url)),
        }
    }

    async fn verify_credential(&self) -> ViewResult<ProfileState> {
        self.with_session(profile_tasks::verify_credential).await
    }

    async fn audit_tokens(&self) -> ViewResult<AuditResult> {
        let audit = Box::pin(profile_tasks::audit_tokens(self.context));
        self.run_cancellable(audit).await
    }

    async fn sign_in(&self, request: SignInRequest) -> ViewResult<SignInResult> {
        let login = Box::pin(profile_tasks::sign_in(self.context, request));
        self.run_cancellable(login).await
    }

    async fn log_out(&self) -> ViewResult<LogoutResult> {
        self.with_session(async |session| session.logout(false).await)
            .await
    }

    async fn refresh(&self, min_lifetime: Option<Duration>) -> ViewResult<()> {
        self.with_session(async |session| profile_tasks::refresh(session, min_lifetime).await)
            .await
    }

    async fn set_default(&self, profile: ProfileName) -> ViewResult<ProfileName> {
        let change = Box::pin(set_default_profile(self.context, profile.clone()));
        self.run_cancellable(change).await.map(|_| profile)
    }

    fn open_browser(&self, url: &str) -> bool {
        let url = url.parse();
        url.is_ok_and(|url| self.context.browser.open(&url).is_ok())
    }

    async fn create_token(&self, new_token: &NewToken) -> ViewResult<CreatedToken> {
        self.with_session(async |session| {
            let token = session.create_token_with_journal(new_token, None, &revoke_if_proven);
            // The dialog shows the secret until the user closes it.
            token.await.map(UndeliveredToken::finish_delivery)
        })
        .await
    }

    async fn rotate(&self, request: RotateRequest) -> ViewResult<RotateResult> {
        self.with_session(async |session| rotate(session, request).await)
            .await
    }

    async fn with_session<T>(
        &self,
        work: impl AsyncFnOnce(ProfileSession<'_>) -> Result<T, ActionError>,
    ) -> ViewResult<T> {
        let target = Box::new(self.to_view_result(Target::resolve(self.context))?);
        let session = self.context.session(&target);
        self.run_cancellable(Box::pin(work(session))).await
    }

    async fn list_tokens(&self) -> ViewResult<Vec<TokenTargets>> {
        let options = ListOptions {
            all: true,
            ..ListOptions::default()
        };
        self.with_session(async |session| {
            let mut send_page = |page| {
                let page = Msg::Done(self.task, TaskResult::TokenPage(page));
                match self.send.send(page) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            };
            session.stream_tokens(&options, &mut send_page).await?;
            // A rotation reports a damaged record; the list does not depend on it.
            Ok(session.list_token_targets().unwrap_or_default())
        })
        .await
    }

    async fn apply_bulk_action(
        &self,
        action: BulkAction,
        ids: &[TokenId],
    ) -> ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>> {
        let target = Box::new(self.to_view_result(Target::resolve(self.context))?);
        match action {
            BulkAction::Revoke => self.revoke(&target, ids).await,
            BulkAction::Activate => Ok(self.set_active(&target, ids, true).await),
            BulkAction::Deactivate => Ok(self.set_active(&target, ids, false).await),
        }
    }

    async fn revoke(
        &self,
        target: &Target,
        ids: &[TokenId],
    ) -> ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>> {
        let revocation = self
            .context
            .session(target)
            .revoke_tokens_until(ids, self.wait_for_cancel());
        let revocations = self.to_view_result(Box::pin(revocation).await)?;
        let row = |it: Revocation| (it.id, self.to_view_result(it.outcome.map(|()| None)));
        Ok(revocations.into_iter().map(row).collect())
    }

    async fn set_active(
        &self,
        target: &Target,
        ids: &[TokenId],
        is_active: bool,
    ) -> Vec<(TokenId, ViewResult<Option<ApiToken>>)> {
        let mut rows = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let result = if *self.cancel_signal.borrow() {
                self.to_view_result(Err(ActionError::InterruptedBeforeRequest))
            } else {
                let update = self.context.session(target).update_token(id, is_active);
                self.run_cancellable(Box::pin(update)).await
            };
            rows.push((id.clone(), result.map(Some)));
            self.context.emit(&Event::Progress {
                done: index + 1,
                of: ids.len(),
            });
        }
        rows
    }
}

/// Writes a secret to an env file. If the file holds a key already, the user is asked first.
fn write_env_file(
    context: &Context,
    target: SecretTarget,
    secret: &Secret,
) -> Result<SaveResult, ActionError> {
    let profile = Target::resolve(context)?;
    match context.session(&profile).save_secret(&target, secret) {
        Err(ActionError::KeyExists { variable, .. }) => Ok(SaveResult::KeyExists(target, variable)),
        result => result.map(SaveResult::Written),
    }
}

fn cancelled_error() -> ErrorView {
    let message = "cancelled; the service may have processed the request".to_owned();
    ErrorView {
        may_have_been_processed: true,
        ..ErrorView::new(message, vec!["press r to reload the list".into()])
    }
}

/// Rotates a token. The user is asked first if the new one would be wider, or if the key to replace may be another's.
async fn rotate(
    session: ProfileSession<'_>,
    request: RotateRequest,
) -> Result<RotateResult, ActionError> {
    let file = request.env_file.as_ref();
    let file = file.map(|path| SecretTarget::env_file(path).to_destination());
    let options = RotationRequest {
        targets: file.as_slice(),
        accepted: &request.accepted,
        replaces_unknown: request.replaces_unknown,
        ..RotationRequest::new(&request.id)
    };
    match session.rotate_token(options).await {
        Ok(rotation) => Ok(RotateResult::Done(Box::new(rotation))),
        Err(ActionError::Rotation(error)) => to_question_or_error(error, request),
        Err(error) => Err(error),
    }
}

/// Returns the question to ask before the rotation continues, or the error if no question helps.
fn to_question_or_error(
    error: RotationError,
    mut request: RotateRequest,
) -> Result<RotateResult, ActionError> {
    if let Some(others) = error.possible_owners().map(<[_]>::to_vec) {
        request.replaces_unknown = true;
        return Ok(RotateResult::UnknownKey(request, others));
    }
    let Some(changes) = error.changes().map(<[_]>::to_vec) else {
        return Err(error.into());
    };
    let accepted = changes.iter().map(|change| change.fact);
    request.accepted.extend(accepted);
    Ok(RotateResult::WouldWiden(request, changes))
}

/// Returns the result of a task that has no context to run in.
fn failed_result(kind: &TaskKind, profile: ProfileName, error: ErrorView) -> TaskResult {
    match kind {
        TaskKind::VerifyCredential => TaskResult::Verified(Err(error)),
        TaskKind::RefreshStatus | TaskKind::OpenBrowser(_) => TaskResult::Status(Err(error)),
        TaskKind::ListTokens => TaskResult::TokensListed(Err(error)),
        TaskKind::ListSessions => TaskResult::Sessions(Err(error)),
        TaskKind::AuditTokens => TaskResult::Audited(Err(error)),
        TaskKind::ListLoginMethods => TaskResult::LoginMethods(Err(error)),
        TaskKind::SignIn(_) => TaskResult::SignedIn(Err(error)),
        TaskKind::CreateToken(_) => TaskResult::Created(Err(error)),
        TaskKind::RotateToken(..) => TaskResult::Rotated(Err(error)),
        TaskKind::ApplyBulkAction(..) => TaskResult::BulkCompleted(Err(error)),
        TaskKind::SaveSecret(..) => TaskResult::Saved(Err(error)),
        TaskKind::RefreshSession(_) => TaskResult::Refreshed(profile, Err(error)),
        TaskKind::LogOut => TaskResult::LoggedOut(profile, Err(error)),
        TaskKind::SetDefaultProfile => TaskResult::DefaultProfileSet(Err(error)),
    }
}
