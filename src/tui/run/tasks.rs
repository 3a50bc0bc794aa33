//! Work: each runs an action, the same that the command of that name runs, and tells what it came to.

use std::ops::ControlFlow;

use futures_util::future::LocalBoxFuture;
use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::actions::{
    ActionError, Context, CredentialState, Event, ListOptions, LoginOptions, LoginResult,
    ProfileStatus, ProfileView, RefreshReason, RotationRequest, SecretTarget, Target,
    UndeliveredToken, Verification, check_status, create_token_with_journal, explain,
    list_profiles, login_methods, login_with_api_key, login_with_cookie, login_with_device_flow,
    login_with_password, logout, read_status, refresh_session, require_usable_sources,
    resolve_credential, revoke_if_proven, revoke_tokens_until, rotate_token, save_secret,
    set_default_profile, stream_tokens, update_token,
};
use crate::domain::{ApiToken, ProfileName, Secret, StoredCredential, TokenId};
use crate::tui::Dependencies;
use crate::tui::msg::{
    BulkAction, ErrorView, LoginInput, Msg, ProfileState, RotateRequest, RotateResult, SaveResult,
    SessionRow, TaskId, TaskKind, TaskResult, ViewResult,
};

/// What one work has at hand.
struct TaskRunner<'a> {
    dependencies: &'a Dependencies,
    context: &'a Context,
    send: &'a UnboundedSender<Msg>,
    task: TaskId,
    cancel_signal: watch::Receiver<bool>,
}

/// Does a work to its end, or until it is stopped, and tells what came of it.
pub(super) async fn run(
    given: &Dependencies,
    send: UnboundedSender<Msg>,
    (task, profile, work): (TaskId, ProfileName, TaskKind),
    cancelled: watch::Receiver<bool>,
) {
    let tell = send.clone();
    let events = move |event: &Event| {
        // Where nobody listens any more, nobody wants to know.
        let _ended = tell.send(Msg::Progress(task, event.clone()));
    };
    let done = match (given.context)(&profile, Box::new(events)) {
        Ok(context) => {
            let desk = TaskRunner {
                dependencies: given,
                context: &context,
                send: &send,
                task,
                cancel_signal: cancelled,
            };
            desk.run(profile, work).await
        }
        Err(told) => failed_result(&work, profile, told),
    };
    let _ended = send.send(Msg::Done(task, done));
}

impl TaskRunner<'_> {
    fn to_view_result<T>(&self, outcome: Result<T, ActionError>) -> ViewResult<T> {
        outcome.map_err(self.dependencies.to_error_view)
    }

    /// Does `work`, or gives it up when it is stopped; what must not be torn apart is finished first.
    async fn run_cancellable<T>(
        &self,
        mut work: LocalBoxFuture<'_, Result<T, ActionError>>,
    ) -> ViewResult<T> {
        let done = tokio::select! {
            done = &mut work => done,
            () = self.wait_for_cancel() => tokio::select! {
                () = self.context.shutdown_guard.begin_shutdown() => return Err(cancelled_error()),
                done = &mut work => done,
            },
        };
        self.to_view_result(done)
    }

    async fn wait_for_cancel(&self) {
        let mut stopped = self.cancel_signal.clone();
        if stopped.wait_for(|it| *it).await.is_err() {
            // Nobody is left who could stop it.
            std::future::pending::<()>().await;
        }
    }

    async fn run(&self, profile: ProfileName, work: TaskKind) -> TaskResult {
        match work {
            TaskKind::VerifyCredential => TaskResult::Verified(self.verify_credential().await),
            TaskKind::RefreshStatus => {
                TaskResult::Status(self.to_view_result(profile_state(self.context)))
            }
            TaskKind::ListSessions => TaskResult::Sessions(self.sessions()),
            TaskKind::ListLoginMethods => {
                TaskResult::LoginMethods(self.to_view_result(list_login_methods(self.context)))
            }
            TaskKind::SignIn(attempt) => {
                let work = Box::pin(self.sign_in(attempt));
                TaskResult::SignedIn(self.run_cancellable(work).await)
            }
            TaskKind::LogOut => {
                let outcome =
                    self.with_target(async |target| logout(self.context, target, false).await);
                TaskResult::LoggedOut(profile, outcome.await)
            }
            TaskKind::SetDefaultProfile => {
                let named = Box::pin(set_default_profile(self.context, profile.clone()));
                TaskResult::DefaultProfileSet(self.run_cancellable(named).await.map(|()| profile))
            }
            TaskKind::RefreshSession(least) => {
                let outcome =
                    self.with_target(async |target| self.refresh_session(target, least).await);
                TaskResult::Refreshed(profile, outcome.await)
            }
            TaskKind::OpenBrowser(page) => {
                let opened = page
                    .parse()
                    .is_ok_and(|page| self.context.browser.open(&page).is_ok());
                TaskResult::BrowserOpened(opened)
            }
            about_tokens => self.run_token_task(about_tokens).await,
        }
    }

    async fn run_token_task(&self, work: TaskKind) -> TaskResult {
        let context = self.context;
        match work {
            TaskKind::CreateToken(wanted) => {
                let outcome = self.with_target(async |target| {
                    let created = create_token_with_journal(
                        context,
                        target,
                        &wanted,
                        None,
                        &revoke_if_proven,
                    )
                    .await;
                    // It is shown at once, and until the user closes the window.
                    created.map(UndeliveredToken::finish_delivery)
                });
                TaskResult::Created(outcome.await)
            }
            TaskKind::RotateToken(wanted) => {
                let outcome =
                    self.with_target(async |target| rotate(context, target, wanted).await);
                TaskResult::Rotated(outcome.await)
            }
            TaskKind::ApplyBulkAction(change, ids) => {
                TaskResult::BulkCompleted(self.apply_bulk_action(change, &ids).await)
            }
            TaskKind::SaveSecret(target, secret) => {
                TaskResult::Saved(self.to_view_result(write_env_file(context, target, &secret)))
            }
            _ => TaskResult::TokensListed(self.list_tokens().await),
        }
    }

    /// Does `work` for the profile of this desk.
    async fn with_target<T>(
        &self,
        work: impl AsyncFnOnce(&Target) -> Result<T, ActionError>,
    ) -> ViewResult<T> {
        let target = Box::new(self.to_view_result(Target::resolve(self.context))?);
        self.run_cancellable(Box::pin(work(&target))).await
    }

    /// Every profile, each as a command for it would see it.
    fn sessions(&self) -> ViewResult<Vec<SessionRow>> {
        let views = self.to_view_result(list_profiles(self.context))?;
        let index = self.to_view_result(self.context.vault.index().map_err(ActionError::from))?;
        let default = index.default_profile.as_ref();
        let mut sessions = Vec::with_capacity(views.len());
        for view in views {
            let context = (self.dependencies.context)(&view.profile, Box::new(|_| {}))?;
            sessions.push(self.to_view_result(session_row(&context, &view, default))?);
        }
        Ok(sessions)
    }

    async fn verify_credential(&self) -> ViewResult<ProfileState> {
        self.with_target(async |target| {
            require_usable_sources(self.context, target)?;
            // A service that tells nobody who they are cannot be asked whether a credential is good.
            let status = if target.descriptor.whoami.is_some() {
                check_status(self.context, target).await?
            } else {
                read_status(self.context, target)?
            };
            let service = Box::new(target.descriptor.clone());
            Ok(ProfileState {
                status,
                provider: service,
            })
        })
        .await
    }

    async fn list_tokens(&self) -> ViewResult<()> {
        let every = ListOptions {
            all: true,
            ..ListOptions::default()
        };
        self.with_target(async |target| {
            let mut take = |page| {
                let told = self
                    .send
                    .send(Msg::Done(self.task, TaskResult::TokenPage(page)));
                match told {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            };
            stream_tokens(self.context, target, &every, &mut take)
                .await
                .map(drop)
        })
        .await
    }

    async fn sign_in(&self, attempt: LoginInput) -> Result<LoginResult, ActionError> {
        let context = self.context;
        let options = LoginOptions {
            open_browser: true,
            ..LoginOptions::default()
        };
        match attempt {
            LoginInput::Device => login_with_device_flow(context, &options).await,
            LoginInput::Password(name, password) => {
                login_with_password(context, &name, &password, None).await
            }
            LoginInput::Cookie(cookie) => {
                login_with_cookie(context, &cookie, None, Verification::Check).await
            }
            LoginInput::ApiKey(key) => {
                login_with_api_key(context, key, None, Verification::Check).await
            }
        }
    }

    /// Renews the session in any case, or where it does not live for `least` any more.
    async fn refresh_session(
        &self,
        target: &Target,
        min_lifetime: Option<std::time::Duration>,
    ) -> Result<(), ActionError> {
        let selected = resolve_credential(self.context, target)?;
        let what = selected.source.label();
        let stored = selected.stored.filter(StoredCredential::is_refreshable);
        let stored = stored.ok_or(ActionError::NotRefreshable { what })?;
        let least = min_lifetime.map(|least| SignedDuration::try_from(least).unwrap_or_default());
        let why = least.map_or(RefreshReason::Requested, RefreshReason::Expiring);
        refresh_session(self.context, target, &stored, why)
            .await
            .map(drop)
    }

    async fn apply_bulk_action(
        &self,
        change: BulkAction,
        ids: &[TokenId],
    ) -> ViewResult<Vec<(TokenId, ViewResult<Option<ApiToken>>)>> {
        let target = Box::new(self.to_view_result(Target::resolve(self.context))?);
        if change == BulkAction::Revoke {
            let work = revoke_tokens_until(self.context, &target, ids, self.wait_for_cancel());
            let outcomes = Box::pin(work).await;
            let row = |it: crate::actions::Revocation| {
                (it.id, self.to_view_result(it.outcome.map(|()| None)))
            };
            return self
                .to_view_result(outcomes)
                .map(|all| all.into_iter().map(row).collect());
        }
        let is_active = change == BulkAction::Activate;
        let mut rows = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let outcome = if *self.cancel_signal.borrow() {
                self.to_view_result(Err(ActionError::InterruptedBeforeRequest))
            } else {
                let work = update_token(self.context, &target, id, is_active);
                self.run_cancellable(Box::pin(work)).await
            };
            rows.push((id.clone(), outcome.map(Some)));
            let step = Event::Progress {
                done: place + 1,
                of: ids.len(),
            };
            self.context.emit(&step);
        }
        Ok(rows)
    }
}

/// Writes a secret to an env file, unless the user has to agree first.
fn write_env_file(
    context: &Context,
    wanted: SecretTarget,
    secret: &Secret,
) -> Result<SaveResult, ActionError> {
    let target = Target::resolve(context)?;
    match save_secret(context, &target, &wanted, secret) {
        Err(ActionError::KeyExists { variable, .. }) => Ok(SaveResult::KeyExists(wanted, variable)),
        saved => saved.map(SaveResult::Written),
    }
}

fn cancelled_error() -> ErrorView {
    ErrorView {
        message: "given up; what the service was asked for may have happened all the same"
            .to_owned(),
        hints: vec!["r loads the list anew".to_owned()],
        needs_login: false,
    }
}

fn profile_state(context: &Context) -> Result<ProfileState, ActionError> {
    let target = Target::resolve(context)?;
    require_usable_sources(context, &target)?;
    let status = read_status(context, &target)?;
    Ok(ProfileState {
        status,
        provider: Box::new(target.descriptor),
    })
}

/// Rotates a token; a refusal because the new one would be wider is a question, not a failure.
async fn rotate(
    context: &Context,
    target: &Target,
    wanted: RotateRequest,
) -> Result<RotateResult, ActionError> {
    let request = RotationRequest {
        env_file: wanted.env_file.as_deref(),
        accepted: &wanted.accepted,
        ..RotationRequest::new(&wanted.id)
    };
    match rotate_token(context, target, request).await {
        Ok(rotated) => Ok(RotateResult::Done(Box::new(rotated))),
        Err(ActionError::Rotation(error)) => match error.changes().map(<[_]>::to_vec) {
            Some(changes) => {
                let mut wanted = wanted;
                wanted
                    .accepted
                    .extend(changes.iter().map(|change| change.fact));
                Ok(RotateResult::WouldWiden(wanted, changes))
            }
            None => Err(error.into()),
        },
        Err(error) => Err(error),
    }
}

/// One profile: how it stands, and what shadows what.
fn session_row(
    context: &Context,
    view: &ProfileView,
    default: Option<&ProfileName>,
) -> Result<SessionRow, ActionError> {
    let target = Target::resolve(context)?;
    let sources = explain(context, &target);
    // What is damaged or open to others is told among the sources; it must not hide the other profiles.
    let status = read_status(context, &target).unwrap_or_else(|_| ProfileStatus {
        profile: view.profile.clone(),
        provider: view.provider.clone(),
        origin: view.api_url.clone(),
        source: None,
        state: CredentialState::None,
        kind: None,
        expires_at: None,
        refreshable: false,
        problem: None,
    });
    Ok(SessionRow {
        status,
        is_default: default == Some(&view.profile),
        is_stored: view.signed_in,
        sources,
        provider_name: target.descriptor.name,
    })
}

fn list_login_methods(
    context: &Context,
) -> Result<(String, Vec<crate::actions::LoginMethod>), ActionError> {
    let target = Target::for_login(context, false)?;
    Ok((target.descriptor.name.clone(), login_methods(&target)))
}

/// What `work` came to where it could not even begin.
fn failed_result(work: &TaskKind, profile: ProfileName, error: ErrorView) -> TaskResult {
    match work {
        TaskKind::VerifyCredential => TaskResult::Verified(Err(error)),
        TaskKind::RefreshStatus | TaskKind::OpenBrowser(_) => TaskResult::Status(Err(error)),
        TaskKind::ListTokens => TaskResult::TokensListed(Err(error)),
        TaskKind::ListSessions => TaskResult::Sessions(Err(error)),
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
