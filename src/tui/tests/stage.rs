//! Models to begin with: a service, tokens, sessions, at a moment that stands still.

use jiff::{SignedDuration, Timestamp};

use crate::actions::{Candidate, ProfileStatus, State, Verdict, WayName};
use crate::domain::{ApiToken, CredentialKind, Secret, TokenId, TokenKind};
use crate::provider::{Catalog, Descriptor};
use crate::tui::model::{
    Confirm, Device, Dialog, Form, Loading, Made, Model, Outcomes, Screen, Step, Then, Underway,
};
use crate::tui::msg::{Change, Session, Standing, Told};
use crate::ui::Look;

/// The moment of all these models.
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
        active: Some(true),
        permissions: Some(vec!["read".to_owned(), "write".to_owned()]),
        scopes: None,
        prefix: Some("bm_pat_a1b2".to_owned()),
        last_used_at: Some(in_days(-1)),
        revoked: false,
        unreadable: Vec::new(),
    }
}

/// A token of each sort.
pub(super) fn tokens() -> Vec<ApiToken> {
    let off = ApiToken {
        active: Some(false),
        ..token(6, "switched off", (-200, None))
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
        off,
    ]
}

pub(super) fn standing(id: &str, state: State) -> Standing {
    let service = service(id);
    Standing {
        status: ProfileStatus {
            profile: id.parse().unwrap(),
            provider: service.id.clone(),
            origin: Some("https://api.brainmaps.science".to_owned()),
            source: (state != State::None).then(|| "stored".to_owned()),
            state,
            kind: (state != State::None).then_some(CredentialKind::AccessToken),
            expires_at: Some(now() + SignedDuration::from_mins(42)),
            problem: None,
            refreshable: true,
        },
        service: Box::new(service),
    }
}

/// As the program begins.
pub(super) fn starting() -> Model {
    let look = Look {
        terminal: true,
        colour: true,
        ..Look::PLAIN
    };
    Model::new(look, (80, 24), now(), "brainmaps".parse().unwrap())
}

/// Signed in, the tokens loaded.
pub(super) fn with_tokens() -> Model {
    let mut model = starting();
    model.is_starting = false;
    model.standing = Some(standing("brainmaps", State::Valid));
    model.tokens.add(tokens(), true);
    model.tokens.finish(true);
    model.sessions = sessions();
    model
}

pub(super) fn sessions() -> Vec<Session> {
    let session = |name: &str, state, sources| Session {
        status: standing(name, state).status,
        service_name: service(name).name,
        is_default: name == "neuroio",
        is_stored: state != State::None,
        sources,
    };
    let looked = |source: &str, verdict, reason: &str| Candidate {
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
            "not there",
        ),
        looked(
            "the stored sign-in",
            Verdict::Shadowed,
            "access token, but environment variable BRAINMAPS_API_KEY comes first",
        ),
    ];
    let mut none = session("basira", State::None, Vec::new());
    none.status.expires_at = None;
    vec![
        session("brainmaps", State::Valid, sources),
        none,
        session("neuroio", State::ExpiredRefreshable, Vec::new()),
    ]
}

pub(super) fn on_sessions() -> Model {
    let mut model = with_tokens();
    model.screen = Screen::Sessions;
    model.sessions_cursor = 1;
    model
}

pub(super) fn on_login(step: Step) -> Model {
    let mut model = with_tokens();
    model.screen = Screen::Login;
    if !matches!(step, Step::Profiles) {
        model.login.profile = Some("brainmaps".parse().unwrap());
        model.login.service = "BrainMaps".to_owned();
    }
    model.login.step = step;
    model.login.cursor = 1;
    model
}

pub(super) fn ways() -> Vec<WayName> {
    vec![
        WayName::Device,
        WayName::Password("e-mail".to_owned()),
        WayName::Cookie(None),
        WayName::Token,
    ]
}

pub(super) fn device() -> Step {
    Step::Device(Box::new(Device {
        task: 7,
        user_code: "WDJB-MJHT".to_owned(),
        page: "https://brainmaps.science/device".to_owned(),
        elsewhere: None,
        complete: Some("https://brainmaps.science/device?user_code=WDJB-MJHT".to_owned()),
        ends_at: now() + SignedDuration::from_secs(599),
        client: "brainmaps-cli".to_owned(),
        scopes: "openid offline_access".to_owned(),
        remark: None,
    }))
}

pub(super) fn told() -> Told {
    Told {
        message: "api.brainmaps.science could not be reached: connection refused".to_owned(),
        hints: vec!["check the address and the network, then try again".to_owned()],
        needs_login: false,
    }
}

/// The secret of the token that was made.
pub(super) const SECRET: &str = "bm_pat_this-is-the-secret";

pub(super) fn made() -> Made {
    Made {
        title: "Made nightly build".to_owned(),
        secret: Secret::new(SECRET),
        is_revealed: false,
        is_kept: false,
        is_copied: false,
        place: None,
        saving: None,
    }
}

pub(super) fn confirm() -> Confirm {
    Confirm {
        question: "Revoke these 2 tokens? Whatever uses them stops working.".to_owned(),
        about: vec!["`laptop` (2)".to_owned(), "`phone` (3)".to_owned()],
        then: Then::Change(Change::Revoke, vec![id("2"), id("3")]),
        top: 0,
    }
}

pub(super) fn underway() -> Underway {
    Underway {
        task: 7,
        title: "Rotating laptop".to_owned(),
        steps: vec!["created the new token".to_owned()],
        is_stopping: false,
        done: None,
    }
}

pub(super) fn outcomes() -> Outcomes {
    let rows = (0..12).map(|number| {
        let outcome = if number == 3 { Err(told()) } else { Ok(()) };
        (format!("token {number}"), outcome)
    });
    Outcomes {
        title: "11 of 12 done".to_owned(),
        rows: rows.collect(),
        top: 0,
    }
}

pub(super) fn under(dialog: Dialog) -> Model {
    let mut model = with_tokens();
    model.dialogs.push(dialog);
    model
}

pub(super) fn create_form(service_id: &str) -> Model {
    let mut model = under(Dialog::Form(Form::create(&service(service_id))));
    model.standing = Some(standing(service_id, State::Valid));
    model
}

pub(super) fn loading() -> Model {
    let mut model = starting();
    model.is_starting = false;
    model.standing = Some(standing("brainmaps", State::Valid));
    model.tokens.loading = Loading::Underway(3);
    model
}
