//! `login`: chooses the method, asks before another session is replaced, and signs in.

mod add_scope;
mod args;
mod authorization_url;
mod device_code;
mod display;
mod options;
mod parameters;
mod paste_reader;
mod pasted;
mod prompted;
mod result;
mod server;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::actions::{
    ActionError, ChosenLogin, Context, CredentialState, Extension, InteractiveLogin, LoginOptions,
    LoginResult, MissingSecret, Participation, PastedLogin, PreparedLogin, ResourceParticipation,
    Source, Target, TypedLogin, choose_login_method, find_active_login, find_replacement,
    import_session, login_with_workload, prepare_client_credentials, prepare_cookie_login,
    prepare_interactive_login, prepare_password_login, prepare_resource_login,
    resource_to_discover,
};
use crate::cli::app::{App, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::domain::{Hint, Scopes};
use crate::host::is_over_ssh;
use crate::ui::{Progress, prompt};
use paste_reader::{can_paste, read_pasted_texts};
use result::{LoginOutput, NotNeeded, SignedIn};

pub(crate) use args::LoginArgs;

pub(crate) fn run(app: &App, args: &LoginArgs) -> Result<ExitStatus, Failure> {
    let mut login = Login::new(app, args)?;
    let output = login.run()?;
    login.save_parameters()?;
    app.print(&output)
}

/// Adds scopes to the session of the active profile, for a command whose own result is on stdout. Returns `false` if the
/// session has them already.
pub(crate) fn add_scopes(app: &App, scopes: &Scopes) -> Result<bool, Failure> {
    match Login::new(app, &LoginArgs::adding(scopes))?.run()? {
        LoginOutput::SignedIn(signed_in) => {
            signed_in.report(&app.shell);
            Ok(true)
        }
        LoginOutput::NotNeeded(_) => Ok(false),
    }
}

/// One login: its arguments and its context.
struct Login<'a> {
    app: &'a App,
    args: &'a LoginArgs,
    context: Context,
    /// The session that the login adds scopes to.
    extension: Option<Extension>,
    /// The parameters that the user typed: setting and value.
    typed_parameters: Vec<(String, String)>,
    /// The line that is shown while the program waits.
    progress_text: Arc<Mutex<String>>,
}

/// The result of a login up to the first input that it needs.
enum LoginStep {
    NeedsApproval,
    Done(Box<LoginResult>),
    NeedsInput(TypedLogin),
    NeedsPaste(Box<PastedLogin>),
    /// The user must choose one of the authorization servers of a resource.
    NeedsServer(Vec<String>),
    NeedsClientSecret(MissingSecret),
    /// The user gave `--no-verify`, but the server issues the credential of this method, so that there is nothing to verify.
    NothingToVerify,
}

impl<'a> Login<'a> {
    fn new(app: &'a App, args: &'a LoginArgs) -> Result<Self, Failure> {
        let progress_text = Arc::new(Mutex::new("connecting to the server".to_owned()));
        let display = display::Display {
            shell: Arc::clone(&app.shell),
            progress_text: Arc::clone(&progress_text),
            qr: args.qr,
            is_sandbox: app.is_sandbox(),
            is_over_ssh: is_over_ssh(&app.environment),
            can_paste: can_paste(app),
            needs_browser_option: !args.browser && !args.no_open && !app.can_prompt(),
        };
        let mut builder = app.context_builder();
        if args.browser {
            builder = builder.opens_browser_without_terminal();
        }
        Ok(Self {
            app,
            args,
            context: builder.on_event(move |event| display.show(event)).build()?,
            extension: None,
            typed_parameters: Vec::new(),
            progress_text,
        })
    }

    fn run(&mut self) -> Result<LoginOutput, Failure> {
        self.args.workload_args.check()?;
        if self.args.workload_args.is_set() && !self.args.workload {
            let text = "the options of the workload identity require --workload";
            return Err(Failure::new(Code::Usage, text));
        }
        if !self.args.add_scope.is_empty() {
            self.ask_parameters_before_server()?;
            return self.add_scopes();
        }
        if let Some(method) = self.named_method()? {
            self.confirm_replacement()?;
            return self.sign_in_with_input(&method);
        }
        self.ask_parameters_before_server()?;
        if let Some(file) = &self.args.import {
            self.confirm_replacement()?;
            return self.import(file.as_deref());
        }
        let names_client = self.args.client_id.is_some() && !self.args.client_credentials;
        if self.app.is_sandbox() && (self.args.issuer.is_some() || names_client) {
            let text = "the sandbox has authorization servers and clients of its own";
            let hint = "leave out --issuer and --client-id, or --sandbox";
            return Err(Failure::new(Code::Usage, text).with_hint(hint));
        }
        let names_method =
            self.named_page().is_some() || self.args.client_credentials || self.args.workload;
        let names_oauth = names_method || self.args.has_oauth_options();
        if !names_oauth && let Some(not_needed) = self.find_working_key()? {
            return Ok(LoginOutput::NotNeeded(not_needed));
        }
        self.confirm_replacement()?;
        self.sign_in_at_server(&self.options_with_secret()?)
    }

    /// Returns the method that the arguments name, if it uses a page of the server.
    fn named_page(&self) -> Option<InteractiveLogin> {
        match (self.args.device, self.args.browser, self.args.paste) {
            (true, ..) => Some(InteractiveLogin::Device),
            (_, true, true) => Some(InteractiveLogin::Paste),
            (_, true, false) => Some(InteractiveLogin::Browser),
            _ => None,
        }
    }

    /// Returns the method that the arguments name, if it uses no page of the server.
    fn named_method(&self) -> Result<Option<TypedLogin>, Failure> {
        let args = self.args;
        Ok(if args.with_token {
            Some(TypedLogin::ApiKey)
        } else if args.with_cookie {
            Some(prepare_cookie_login(&self.context)?)
        } else if args.password || args.password_stdin || args.username.is_some() {
            Some(prepare_password_login(&self.context)?)
        } else {
            None
        })
    }

    /// Returns the output of a login that is not needed, because the service accepts a key in the environment or `.env`.
    fn find_working_key(&self) -> Result<Option<NotNeeded>, Failure> {
        let context = &self.context;
        let Ok(target) = Target::resolve(context) else {
            return Ok(None);
        };
        let session = context.session(&target);
        let Ok(selected) = session.resolve_credential() else {
            return Ok(None);
        };
        if matches!(selected.source, Source::Stored | Source::Workload)
            || target.descriptor.whoami.is_none()
        {
            return Ok(None);
        }
        let status = block_on_interruptible(context, || session.check_status())?;
        let source = selected.source.label();
        if status.state == CredentialState::Valid {
            let text = format!("the key from {source} works; no login is needed");
            return Ok(Some(NotNeeded { status, text }));
        }
        let service = &target.descriptor.name;
        context.warn(format!(
            "{service} rejected the key from {source}; continuing with the login"
        ));
        Ok(None)
    }

    /// Asks before a session of another server is replaced, if prompting is possible.
    fn confirm_replacement(&mut self) -> Result<(), Failure> {
        self.context.options.replace = self.args.replace || self.ask_to_replace()?;
        Ok(())
    }

    /// Asks whether the session of another server may be replaced. Returns `false`, without that question, if the login replaces
    /// no such session.
    ///
    /// # Errors
    /// If the user declines, or the program cannot prompt.
    fn ask_to_replace(&self) -> Result<bool, Failure> {
        let Some(replacement) = find_replacement(&self.context, &self.options())? else {
            self.confirm_second_login()?;
            return Ok(false);
        };
        if !self.app.shows_questions() {
            return Err(ActionError::from(replacement).into());
        }
        if prompt::confirm(&self.app.shell, &replacement.question(), false)? {
            return Ok(true);
        }
        Err(Failure::new(Code::Denied, "nothing was replaced"))
    }

    /// Asks before a usable credential of the same server is replaced. Without input, as in a script that signs in again and
    /// again, only reports it.
    fn confirm_second_login(&self) -> Result<(), Failure> {
        let Some(active) = find_active_login(&self.context, &self.options())? else {
            return Ok(());
        };
        let description = active.description(self.context.now());
        if !self.app.shows_questions() {
            self.app.shell.status(description);
            return Ok(());
        }
        let question = format!("{description}; sign in again?");
        if prompt::confirm(&self.app.shell, &question, true)? {
            return Ok(());
        }
        Err(Failure::new(Code::Denied, "the stored credential was kept"))
    }

    /// Signs in with the named method, else with the best one that the server offers.
    fn sign_in_at_server(&mut self, options: &LoginOptions) -> Result<LoginOutput, Failure> {
        let text = || {
            let text = self.progress_text.lock();
            text.unwrap_or_else(PoisonError::into_inner).clone()
        };
        match block_on_interruptible(&self.context, || {
            Progress::new(&self.app.shell).run_while(text, self.run_until_input(options))
        })? {
            LoginStep::Done(signed_in) => Ok(self.to_output(*signed_in)),
            LoginStep::NeedsInput(method) => self.sign_in_with_input(&method),
            LoginStep::NeedsPaste(login) => self.sign_in_with_pasted_code(*login, options),
            LoginStep::NeedsClientSecret(missing) => {
                let issuer = missing.issuer.clone();
                let client_secret = Some(self.read_missing_secret(missing)?);
                self.sign_in_at_server(&LoginOptions {
                    client_secret,
                    secret_issuer: Some(issuer),
                    ..options.clone()
                })
            }
            LoginStep::NeedsApproval => Err(to_approval_failure(self.args)),
            LoginStep::NothingToVerify => {
                let text = "--no-verify applies to an API key or a cookie only";
                let hint = "leave it out, or add --with-token or --with-cookie";
                Err(Failure::new(Code::Usage, text).with_hint(hint))
            }
            LoginStep::NeedsServer(servers) => self.sign_in_at_server(&LoginOptions {
                authorization_server: Some(server::choose_server(self.app, servers)?),
                ..options.clone()
            }),
        }
    }

    async fn run_until_input(&self, options: &LoginOptions) -> Result<LoginStep, ActionError> {
        let context = &self.context;
        if self.args.workload {
            let workload = self.args.workload_args.options();
            let login = login_with_workload(context, options, &workload);
            return Ok(LoginStep::Done(Box::new(Box::pin(login).await?)));
        }
        let chosen = match Box::pin(self.choose_login(options)).await {
            Ok(chosen) => chosen,
            Err(error) => return server::to_choose(self.app, error).map(LoginStep::NeedsServer),
        };
        if self.args.no_verify && !chosen.login.stores_input() {
            return Ok(LoginStep::NothingToVerify);
        }
        if let Some(reason) = chosen.reason {
            self.app
                .shell
                .status(display::describe_choice(&chosen.login, &reason));
        }
        let result = match chosen.login {
            PreparedLogin::Device(login) => Box::pin(login.run(context, options)).await?,
            PreparedLogin::Browser(login) => {
                // Restores the terminal when the login ends.
                let (_reader, pasted) = read_pasted_texts(self.app);
                Box::pin(login.run(context, options, pasted)).await?
            }
            PreparedLogin::Paste(login) => {
                let login = Box::pin(login.start_paste(context, options)).await?;
                return Ok(LoginStep::NeedsPaste(login.into()));
            }
            PreparedLogin::ClientCredentials(login) => {
                if let Some(missing) = login.missing_secret() {
                    return Ok(LoginStep::NeedsClientSecret(missing));
                }
                Box::pin(login.run(context)).await?
            }
            PreparedLogin::Typed(method) => return Ok(LoginStep::NeedsInput(method)),
            PreparedLogin::NeedsApproval => return Ok(LoginStep::NeedsApproval),
        };
        Ok(LoginStep::Done(Box::new(result)))
    }

    async fn choose_login(&self, options: &LoginOptions) -> Result<ChosenLogin, ActionError> {
        if self.args.client_credentials {
            let prepared = prepare_client_credentials(&self.context, options).await?;
            return Ok(prepared.into());
        }
        let user = Participation {
            can_wait: !self.app.is_input_disabled(),
            has_terminal: self.app.can_prompt(),
            is_oauth_only: self.args.has_oauth_options() || self.extension.is_some(),
        };
        if let Some(resource) = resource_to_discover(&self.context, options)? {
            let named = self.named_page();
            let user = ResourceParticipation { named, user };
            return prepare_resource_login(&self.context, options, &resource, user).await;
        }
        // `login` waits for an approval only if input is enabled or an option names the method.
        let can_wait = !self.app.is_input_disabled();
        let extended = self.extended_page().filter(|_| can_wait);
        if let Some(login) = self.named_page().or(extended) {
            let prepared = prepare_interactive_login(&self.context, options, login).await?;
            return Ok(prepared.into());
        }
        // Boxed to keep the futures of all callers small.
        Box::pin(choose_login_method(&self.context, options, user)).await
    }

    fn import(&self, file: Option<&Path>) -> Result<LoginOutput, Failure> {
        let (context, options) = (&self.context, self.options());
        let import = || import_session(context, file, &options);
        let (file, signed_in) = block_on_interruptible(context, import)?;
        self.app
            .shell
            .status(format!("imported the session in {}", file.display()));
        Ok(self.to_output(signed_in))
    }

    fn to_output(&self, result: LoginResult) -> LoginOutput {
        if let Some(path) = &result.set_aside {
            self.context.warn(format!(
                "replaced a damaged file; the old one is kept as {}",
                path.display()
            ));
        }
        LoginOutput::SignedIn(SignedIn {
            result,
            now: self.context.now(),
        })
    }
}

/// Returns the failure of a login that would wait for an approval although input is disabled. The hint names only the options
/// to add, because the command may have others.
fn to_approval_failure(args: &LoginArgs) -> Failure {
    let message = "cannot wait for an approval: input is disabled";
    let programs = |hint: Hint| {
        hint.text("; for a program: ")
            .command("login --client-credentials")
            .text(" or ")
            .command("login --workload")
    };
    let hint = if args.resource.is_some() {
        Hint::from("to wait anyway, add --browser")
    } else if args.has_oauth_options() {
        programs(Hint::from("to wait anyway, add --device or --browser"))
    } else {
        Hint::run("login --device")
            .text(" to wait anyway, or store an API key: ")
            .command("login --with-token < FILE")
    };
    Failure::new(Code::Usage, message).with_hint(hint)
}
