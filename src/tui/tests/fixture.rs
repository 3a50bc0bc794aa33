//! Models for the tests, at a fixed time: a service, tokens, sessions, and every screen and dialog.

use jiff::{SignedDuration, Timestamp};

use crate::actions::{
    Audit, AuditFinding, CredentialState, LoginMethod, ProfileStatus, Remedy, SourceReport,
    TypedLogin, Verdict,
};
use crate::domain::{
    ApiToken, AuditRule, CredentialKind, InteractiveMethod, Secret, Severity, TokenId, TokenKind,
};
use crate::provider::{Catalog, Descriptor};
use crate::tui::model::{
    Approval, BulkResults, Confirm, Dialog, Form, InProgress, Loading, LoginStep, Model, NewSecret,
    OnConfirm, Screen,
};
use crate::tui::msg::{BulkAction, ErrorView, ProfileState, SessionRow};
use crate::ui::StreamStyle;

pub(super) fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

pub(super) fn service(id: &str) -> Descriptor {
    let catalog = Catalog::new("/nowhere".into());
    catalog.find(&id.parse().unwrap()).unwrap().descriptor
}

pub(super) fn id(text: &str) -> TokenId {
    TokenId::new(text)
}

fn in_days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

fn token(number: usize, name: &str, (made, ends): (i64, Option<i64>)) -> ApiToken {
    ApiToken {
        id: Some(id(&format!("{number}"))),
        name: Some(name.to_owned()),
        kind: Some(if ends.is_some() {
            TokenKind::Temporary
        } else {
            TokenKind::Permanent
        }),
        created_at: Some(in_days(made)),
        expires_at: ends.map(in_days),
        reports_expiry: true,
        active: Some(true),
        permissions: Some(vec!["read".to_owned(), "write".to_owned()]),
        scopes: None,
        prefix: Some("bm_pat_a1b2".to_owned()),
        last_used_at: Some(in_days(-1)),
        revoked: false,
        unreadable: Vec::new(),
    }
}

/// One token of each state.
pub(super) fn tokens() -> Vec<ApiToken> {
    let disabled = ApiToken {
        active: Some(false),
        ..token(6, "disabled", (-200, None))
    };
    let foreign = ApiToken {
        name: Some("日本語のとても長い名前のトークン \u{1b}[31m".to_owned()),
        ..token(5, "", (-30, Some(60)))
    };
    vec![
        token(1, "nightly build", (-80, Some(4))),
        token(2, "laptop", (-400, None)),
        token(3, "phone", (-2, Some(88))),
        token(4, "old script", (-100, Some(-10))),
        foreign,
        disabled,
    ]
}

pub(super) fn profile_state(id: &str, state: CredentialState) -> ProfileState {
    let service = service(id);
    ProfileState {
        status: ProfileStatus {
            profile: id.parse().unwrap(),
            provider: service.id.clone(),
            origin: Some("https://api.brainmaps.science".to_owned()),
            source: (state != CredentialState::None).then(|| "stored".to_owned()),
            state,
            kind: (state != CredentialState::None).then_some(CredentialKind::AccessToken),
            expires_at: Some(now() + SignedDuration::from_mins(42)),
            problem: None,
            is_future: false,
            is_checked: true,
            account: Some("demo@brainmaps.test".to_owned()),
            refreshable: true,
        },
        provider: Box::new(service),
    }
}

/// The model right after the start.
pub(super) fn starting() -> Model {
    let look = StreamStyle {
        terminal: true,
        colour: true,
        ..StreamStyle::PLAIN
    };
    Model::new(look, (80, 24), now(), "brainmaps".parse().unwrap())
}

/// Signed in, with loaded tokens.
pub(super) fn with_tokens() -> Model {
    let mut model = starting();
    model.is_starting = false;
    model.profile_state = Some(profile_state("brainmaps", CredentialState::Valid));
    model.tokens.add_page(tokens(), true);
    model.tokens.finish_loading(true);
    model.sessions = sessions();
    model
}

pub(super) fn sessions() -> Vec<SessionRow> {
    let session = |name: &str, state, sources| SessionRow {
        status: profile_state(name, state).status,
        provider_name: service(name).name,
        is_default: name == "neuroio",
        is_stored: state != CredentialState::None,
        sources,
    };
    let looked = |source: &str, verdict, reason: &str| SourceReport {
        source: source.to_owned(),
        verdict,
        reason: reason.to_owned(),
    };
    let sources = vec![
        looked(
            "environment variable BRAINMAPS_API_KEY",
            Verdict::Used,
            "API key",
        ),
        looked(
            "BRAINMAPS_API_KEY in /work/.env",
            Verdict::Absent,
            "not set",
        ),
        looked(
            "the stored login",
            Verdict::Shadowed,
            "access token, but environment variable BRAINMAPS_API_KEY takes precedence",
        ),
    ];
    let mut none = session("basira", CredentialState::None, Vec::new());
    none.status.expires_at = None;
    vec![
        session("brainmaps", CredentialState::Valid, sources),
        none,
        session("neuroio", CredentialState::ExpiredRefreshable, Vec::new()),
    ]
}

pub(super) fn on_sessions() -> Model {
    let mut model = with_tokens();
    model.screen = Screen::Sessions;
    model.sessions_cursor = 1;
    model
}

/// The findings of an audit: one that a rotation fixes, one that a revocation fixes, and one without a token.
pub(super) fn on_findings() -> Model {
    let mut model = with_tokens();
    model.screen = Screen::Findings;
    let interrupted = AuditFinding {
        token: Some(id("1")),
        name: Some("nightly build".to_owned()),
        remedy: Some(Remedy::Rotate),
        ..finding(
            (AuditRule::RotationOpen, Severity::Error),
            "its rotation was interrupted 2 days ago: the old key and the new one may be valid",
            "token rotate 1",
        )
    };
    let unused = AuditFinding {
        token: Some(id("2")),
        name: Some("laptop".to_owned()),
        remedy: Some(Remedy::Revoke),
        ..finding(
            (AuditRule::Unused, Severity::Warning),
            "last used 40 days ago, more than 30 days",
            "token revoke 2",
        )
    };
    let full = finding(
        (AuditRule::NearLimit, Severity::Info),
        "8 of 10 active tokens per account exist",
        "token list --all",
    );
    model.findings.replace(Audit {
        findings: vec![interrupted, unused, full],
        checked: 6,
        ignored: 1,
        ..Audit::default()
    });
    model.findings.policy_file = Some("/work/.brainmaps.toml".to_owned());
    model
}

fn finding((rule, severity): (AuditRule, Severity), message: &str, fix: &str) -> AuditFinding {
    AuditFinding {
        rule,
        severity,
        profile: Some("brainmaps".parse().unwrap()),
        token: None,
        name: None,
        message: message.to_owned(),
        value: None,
        limit: None,
        fix: Some(fix.to_owned()),
        next: None,
        remedy: None,
    }
}

pub(super) fn on_login(step: LoginStep) -> Model {
    let mut model = with_tokens();
    model.screen = Screen::Login;
    if !matches!(step, LoginStep::ChooseProfile) {
        model.login.profile = Some("brainmaps".parse().unwrap());
        model.login.provider_name = "BrainMaps".to_owned();
    }
    model.login.step = step;
    model.login.cursor = 1;
    model
}

pub(super) fn login_methods() -> Vec<LoginMethod> {
    vec![
        LoginMethod::Page(InteractiveMethod::Device),
        LoginMethod::Typed(TypedLogin::Password("e-mail".to_owned())),
        LoginMethod::Typed(TypedLogin::Cookie(None)),
        LoginMethod::Typed(TypedLogin::ApiKey),
    ]
}

pub(super) fn device() -> LoginStep {
    LoginStep::Approve(Box::new(Approval {
        task: 7,
        user_code: Some("WDJB-MJHT".to_owned()),
        verification_uri: "https://brainmaps.science/device".to_owned(),
        differing_hosts: None,
        verification_uri_complete: Some(
            "https://brainmaps.science/device?user_code=WDJB-MJHT".to_owned(),
        ),
        expires_at: now() + SignedDuration::from_secs(599),
        client_id: "brainmaps-cli".to_owned(),
        scopes: "openid offline_access".to_owned(),
        status_message: None,
    }))
}

pub(super) fn connection_error() -> ErrorView {
    ErrorView {
        message: "api.brainmaps.science could not be reached: connection refused".to_owned(),
        hints: vec!["check the URL and the network, then try again".into()],
        needs_login: false,
        may_have_been_processed: false,
    }
}

pub(super) const SECRET: &str = "bm_pat_this-is-the-secret";

pub(super) fn new_secret() -> NewSecret {
    NewSecret {
        title: "Created nightly build".to_owned(),
        secret: Secret::new(SECRET),
        is_revealed: false,
        is_saved: false,
        is_copied: false,
        saved_in: None,
        save_task: None,
    }
}

pub(super) fn confirm() -> Confirm {
    Confirm {
        question: "Revoke these 2 tokens? Programs that use them stop working.".to_owned(),
        details: vec!["`laptop` (2)".to_owned(), "`phone` (3)".to_owned()],
        action: OnConfirm::ApplyBulkAction(BulkAction::Revoke, vec![id("2"), id("3")]),
        top: 0,
    }
}

pub(super) fn in_progress() -> InProgress {
    InProgress {
        task: 7,
        title: "Rotating laptop".to_owned(),
        completed_steps: vec!["Created the new token".to_owned()],
        is_cancelling: false,
        progress: None,
    }
}

pub(super) fn bulk_results() -> BulkResults {
    let rows = (0..12).map(|number| {
        let outcome = if number == 3 {
            Err(connection_error())
        } else {
            Ok(())
        };
        (format!("token {number}"), outcome)
    });
    BulkResults {
        title: "11 of 12 done".to_owned(),
        rows: rows.collect(),
        top: 0,
    }
}

pub(super) fn with_dialog(dialog: Dialog) -> Model {
    let mut model = with_tokens();
    model.dialogs.push(dialog);
    model
}

pub(super) fn create_form(service_id: &str) -> Model {
    let mut model = with_dialog(Dialog::Form(Form::create_token(&service(service_id))));
    model.profile_state = Some(profile_state(service_id, CredentialState::Valid));
    model
}

pub(super) fn loading() -> Model {
    let mut model = starting();
    model.is_starting = false;
    model.profile_state = Some(profile_state("brainmaps", CredentialState::Valid));
    model.tokens.loading = Loading::InProgress(3);
    model
}
