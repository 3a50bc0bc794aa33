//! Work: each runs an action, the same that the command of that name runs, and tells what it came to.

use std::ops::ControlFlow;

use futures_util::future::LocalBoxFuture;
use jiff::SignedDuration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::actions::{
    ActionError, Context, Created, Event, ListOptions, LoginOptions, ProfileStatus, ProfileView,
    SecretTarget, SignedIn, State, Target, Verification, Why, checked_status, cookie_login,
    create_recorded, device_login, explain, local_status, logout, password_login, profiles, renew,
    require_usable_sources, revoke_proven, revoke_tokens_until, rotate_token, save_secret, select,
    stream_tokens, token_login, update_token, use_profile, ways,
};
use crate::domain::{ApiToken, ProfileName, Secret, StoredCredential, TokenId};
use crate::tui::Given;
use crate::tui::msg::{
    Attempt, Change, Done, Msg, Outcome, Rotate, Rotation, Saved, Session, Standing, Task, Told,
    Work,
};

/// What one work has at hand.
struct Desk<'a> {
    given: &'a Given,
    context: &'a Context,
    send: &'a UnboundedSender<Msg>,
    task: Task,
    stopped: watch::Receiver<bool>,
}

/// Does a work to its end, or until it is stopped, and tells what came of it.
pub(super) async fn run(
    given: &Given,
    send: UnboundedSender<Msg>,
    (task, profile, work): (Task, ProfileName, Work),
    stopped: watch::Receiver<bool>,
) {
    let tell = send.clone();
    let events = move |event: &Event| {
        // Where nobody listens any more, nobody wants to know.
        let _ended = tell.send(Msg::Progress(task, event.clone()));
    };
    let done = match (given.context)(&profile, Box::new(events)) {
        Ok(context) => {
            let desk = Desk {
                given,
                context: &context,
                send: &send,
                task,
                stopped,
            };
            desk.work(profile, work).await
        }
        Err(told) => failed(&work, profile, told),
    };
    let _ended = send.send(Msg::Done(task, done));
}

impl Desk<'_> {
    fn told<T>(&self, outcome: Result<T, ActionError>) -> Outcome<T> {
        outcome.map_err(self.given.explain)
    }

    /// Does `work`, or gives it up when it is stopped; what must not be torn apart is finished first.
    async fn stoppable<T>(
        &self,
        mut work: LocalBoxFuture<'_, Result<T, ActionError>>,
    ) -> Outcome<T> {
        let done = tokio::select! {
            done = &mut work => done,
            () = self.stopped() => tokio::select! {
                () = self.context.shield.lower() => return Err(given_up()),
                done = &mut work => done,
            },
        };
        self.told(done)
    }

    async fn stopped(&self) {
        let mut stopped = self.stopped.clone();
        if stopped.wait_for(|it| *it).await.is_err() {
            // Nobody is left who could stop it.
            std::future::pending::<()>().await;
        }
    }

    async fn work(&self, profile: ProfileName, work: Work) -> Done {
        match work {
            Work::Check => Done::Checked(self.check().await),
            Work::Stand => Done::Stands(self.told(stand(self.context))),
            Work::Sessions => Done::Sessions(self.sessions()),
            Work::Ways => Done::Ways(self.told(named_ways(self.context))),
            Work::SignIn(attempt) => {
                let work = Box::pin(self.sign_in(attempt));
                Done::SignedIn(self.stoppable(work).await)
            }
            Work::LogOut => {
                let outcome =
                    self.with_target(async |target| logout(self.context, target, false).await);
                Done::LoggedOut(profile, outcome.await)
            }
            Work::MakeDefault => {
                let named = Box::pin(use_profile(self.context, profile.clone()));
                Done::MadeDefault(self.stoppable(named).await.map(|()| profile))
            }
            Work::Renew(least) => {
                let outcome = self.with_target(async |target| self.renew(target, least).await);
                Done::Renewed(profile, outcome.await)
            }
            Work::Open(page) => {
                let opened = page
                    .parse()
                    .is_ok_and(|page| self.context.browser.open(&page).is_ok());
                Done::Opened(opened)
            }
            about_tokens => self.tokens(about_tokens).await,
        }
    }

    async fn tokens(&self, work: Work) -> Done {
        let context = self.context;
        match work {
            Work::Create(wanted) => {
                let outcome = self.with_target(async |target| {
                    let created =
                        create_recorded(context, target, &wanted, None, &revoke_proven).await;
                    // It is shown at once, and until the user closes the window.
                    created.map(Created::delivered)
                });
                Done::Created(outcome.await)
            }
            Work::Rotate(wanted) => {
                let outcome =
                    self.with_target(async |target| rotate(context, target, wanted).await);
                Done::Rotated(outcome.await)
            }
            Work::Change(change, ids) => Done::Each(self.change(change, &ids).await),
            Work::Save(target, secret) => Done::Saved(self.told(save(context, target, &secret))),
            _ => Done::Listed(self.list().await),
        }
    }

    /// Does `work` for the profile of this desk.
    async fn with_target<T>(
        &self,
        work: impl AsyncFnOnce(&Target) -> Result<T, ActionError>,
    ) -> Outcome<T> {
        let target = Box::new(self.told(Target::resolve(self.context))?);
        self.stoppable(Box::pin(work(&target))).await
    }

    /// Every profile, each as a command for it would see it.
    fn sessions(&self) -> Outcome<Vec<Session>> {
        let views = self.told(profiles(self.context))?;
        let index = self.told(self.context.vault.index().map_err(ActionError::from))?;
        let default = index.current.as_ref();
        let mut sessions = Vec::with_capacity(views.len());
        for view in views {
            let context = (self.given.context)(&view.profile, Box::new(|_| {}))?;
            sessions.push(self.told(session(&context, &view, default))?);
        }
        Ok(sessions)
    }

    async fn check(&self) -> Outcome<Standing> {
        self.with_target(async |target| {
            require_usable_sources(self.context, target)?;
            // A service that tells nobody who they are cannot be asked whether a credential is good.
            let status = if target.descriptor.whoami.is_some() {
                checked_status(self.context, target).await?
            } else {
                local_status(self.context, target)?
            };
            let service = Box::new(target.descriptor.clone());
            Ok(Standing { status, service })
        })
        .await
    }

    async fn list(&self) -> Outcome<()> {
        let every = ListOptions {
            all: true,
            ..ListOptions::default()
        };
        self.with_target(async |target| {
            let mut take = |page| {
                let told = self.send.send(Msg::Done(self.task, Done::Page(page)));
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

    async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, ActionError> {
        let context = self.context;
        let options = LoginOptions {
            open_browser: true,
            ..LoginOptions::default()
        };
        match attempt {
            Attempt::Device => device_login(context, &options).await,
            Attempt::Password(name, password) => {
                password_login(context, &name, &password, None).await
            }
            Attempt::Cookie(cookie) => {
                cookie_login(context, &cookie, None, Verification::Ask).await
            }
            Attempt::Token(key) => token_login(context, key, None, Verification::Ask).await,
        }
    }

    /// Renews the session in any case, or where it does not live for `least` any more.
    async fn renew(
        &self,
        target: &Target,
        least: Option<std::time::Duration>,
    ) -> Result<(), ActionError> {
        let selected = select(self.context, target)?;
        let what = selected.source.label();
        let stored = selected.stored.filter(StoredCredential::is_refreshable);
        let stored = stored.ok_or(ActionError::NotRefreshable { what })?;
        let least = least.map(|least| SignedDuration::try_from(least).unwrap_or_default());
        let why = least.map_or(Why::Asked, Why::Expiring);
        renew(self.context, target, &stored, why).await.map(drop)
    }

    async fn change(
        &self,
        change: Change,
        ids: &[TokenId],
    ) -> Outcome<Vec<(TokenId, Outcome<Option<ApiToken>>)>> {
        let target = Box::new(self.told(Target::resolve(self.context))?);
        if change == Change::Revoke {
            let work = revoke_tokens_until(self.context, &target, ids, self.stopped());
            let outcomes = Box::pin(work).await;
            let row =
                |it: crate::actions::Revocation| (it.id, self.told(it.outcome.map(|()| None)));
            return self
                .told(outcomes)
                .map(|all| all.into_iter().map(row).collect());
        }
        let is_active = change == Change::Activate;
        let mut rows = Vec::new();
        for (place, id) in ids.iter().enumerate() {
            let outcome = if *self.stopped.borrow() {
                self.told(Err(ActionError::NotAsked))
            } else {
                let work = update_token(self.context, &target, id, is_active);
                self.stoppable(Box::pin(work)).await
            };
            rows.push((id.clone(), outcome.map(Some)));
            let step = Event::Step {
                done: place + 1,
                of: ids.len(),
            };
            self.context.tell(&step);
        }
        Ok(rows)
    }
}

/// Writes a secret to an env file, unless the user has to agree first.
fn save(context: &Context, wanted: SecretTarget, secret: &Secret) -> Result<Saved, ActionError> {
    let target = Target::resolve(context)?;
    match save_secret(context, &target, &wanted, secret) {
        Err(ActionError::KeyExists { variable, .. }) => Ok(Saved::KeyExists(wanted, variable)),
        saved => saved.map(Saved::In),
    }
}

fn given_up() -> Told {
    Told {
        message: "given up; what the service was asked for may have happened all the same"
            .to_owned(),
        hints: vec!["r loads the list anew".to_owned()],
        needs_login: false,
    }
}

fn stand(context: &Context) -> Result<Standing, ActionError> {
    let target = Target::resolve(context)?;
    require_usable_sources(context, &target)?;
    let status = local_status(context, &target)?;
    Ok(Standing {
        status,
        service: Box::new(target.descriptor),
    })
}

/// Rotates a token; a refusal because the new one would be wider is a question, not a failure.
async fn rotate(
    context: &Context,
    target: &Target,
    wanted: Rotate,
) -> Result<Rotation, ActionError> {
    let file = wanted.env_file.as_deref();
    match rotate_token(context, target, &wanted.id, file, &wanted.accepted).await {
        Ok(rotated) => Ok(Rotation::Done(Box::new(rotated))),
        Err(ActionError::Rotation(error)) => match error.changes().map(<[_]>::to_vec) {
            Some(changes) => {
                let mut wanted = wanted;
                wanted
                    .accepted
                    .extend(changes.iter().map(|change| change.fact));
                Ok(Rotation::Wider(wanted, changes))
            }
            None => Err(error.into()),
        },
        Err(error) => Err(error),
    }
}

/// One profile: how it stands, and what shadows what.
fn session(
    context: &Context,
    view: &ProfileView,
    default: Option<&ProfileName>,
) -> Result<Session, ActionError> {
    let target = Target::resolve(context)?;
    let sources = explain(context, &target);
    // What is damaged or open to others is told among the sources; it must not hide the other profiles.
    let status = local_status(context, &target).unwrap_or_else(|_| ProfileStatus {
        profile: view.profile.clone(),
        provider: view.provider.clone(),
        origin: view.api_url.clone(),
        source: None,
        state: State::None,
        kind: None,
        expires_at: None,
        refreshable: false,
        problem: None,
    });
    Ok(Session {
        status,
        is_default: default == Some(&view.profile),
        is_stored: view.signed_in,
        sources,
        service_name: target.descriptor.name,
    })
}

fn named_ways(context: &Context) -> Result<(String, Vec<crate::actions::WayName>), ActionError> {
    let target = Target::for_login(context, false)?;
    Ok((target.descriptor.name.clone(), ways(&target)))
}

/// What `work` came to where it could not even begin.
fn failed(work: &Work, profile: ProfileName, told: Told) -> Done {
    match work {
        Work::Check => Done::Checked(Err(told)),
        Work::Stand | Work::Open(_) => Done::Stands(Err(told)),
        Work::List => Done::Listed(Err(told)),
        Work::Sessions => Done::Sessions(Err(told)),
        Work::Ways => Done::Ways(Err(told)),
        Work::SignIn(_) => Done::SignedIn(Err(told)),
        Work::Create(_) => Done::Created(Err(told)),
        Work::Rotate(..) => Done::Rotated(Err(told)),
        Work::Change(..) => Done::Each(Err(told)),
        Work::Save(..) => Done::Saved(Err(told)),
        Work::Renew(_) => Done::Renewed(profile, Err(told)),
        Work::LogOut => Done::LoggedOut(profile, Err(told)),
        Work::MakeDefault => Done::MadeDefault(Err(told)),
    }
}
