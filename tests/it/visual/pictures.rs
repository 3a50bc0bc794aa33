//! The pictures of docs/guide/tui.md, drawn by `tests/pictures` from the running program.

use std::{fs, path::PathBuf};

use super::{
    Fixture, svg,
    terminal::{DOWN, ENTER, ESCAPE, HOME, Terminal, UP},
};
use crate::support::{
    sandbox::{EMAIL, PASSWORD, Sandbox},
    test_home::TestHome,
};

/// The directory of the pictures.
const FOLDER: &str = "docs/pictures";

/// If set, the pictures are written.
const UPDATE: &str = "UPDATE_PICTURES";

/// Larger pictures load slowly.
const LARGEST: usize = 40_000;

/// Keys of BrainPercent: name, age in days, lifetime in days.
const KEYS: &[(&str, u32, Option<u32>)] = &[
    ("import of 2025", 40, Some(30)),
    ("Ann's laptop", 29, Some(30)),
    ("nightly backup", 85, Some(90)),
    ("grafana", 300, Some(365)),
    ("docs site", 12, Some(60)),
    ("staging", 3, Some(7)),
    ("ci: publish", 100, Some(180)),
    ("translation bot", 1, Some(14)),
    ("release 4.2", 6, Some(90)),
    ("read-only mirror", 200, None),
];

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the last line of a picture: the key hints, which are the same in each run.
fn last_line(svg: &str) -> Vec<String> {
    let texts = svg.lines().filter(|line| line.starts_with("<text"));
    let texts = texts.map(|line| {
        let at = line
            .split("y=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let text = line.split_once('>').unwrap().1.replace("</text>", "");
        (at.to_owned(), text)
    });
    let texts: Vec<_> = texts.collect();
    let last = &texts.last().unwrap().0;
    let keys = texts.iter().filter(|(at, _)| at == last);
    keys.map(|(_, text)| text.clone()).collect()
}

/// Draws a picture; `tests/pictures` writes it, other runs compare its key hints with the written picture.
fn take(visual: &Terminal, name: &str) {
    let taken = visual.with_screen(|screen| svg::picture(screen, "brainmaps --visual"));
    assert!(taken.len() < LARGEST, "{name}: {} bytes", taken.len());
    let path = package().join(FOLDER).join(format!("{name}.svg"));
    if std::env::var_os(UPDATE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &taken).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(!kept.is_empty(), "{name} is not there: run tests/pictures");
    assert_eq!(last_line(&kept), last_line(&taken), "run tests/pictures");
}

/// A sandbox at the documented port, if it is free.
fn fixture() -> Fixture {
    let mut home = TestHome::new();
    let is_free = std::net::TcpListener::bind("127.0.0.1:8000").is_ok();
    let is_kept = std::env::var_os(UPDATE).is_some();
    let port = if is_free && is_kept { "8000" } else { "0" };
    let sandbox = Sandbox::start_at(&home, port, &["--interval", "1"]);
    sandbox.wait_until_it_responds();
    home.set("BRAINMAPS_API_URL", &sandbox.url);
    Fixture { sandbox, home }
}

/// Creates the keys at their times, by setting back the server's clock.
fn make_keys(fixture: &Fixture) {
    for (name, ago, days) in KEYS {
        let clock = format!("any=clock:-{ago}d");
        fixture.sandbox.put_faults(&clock);
        let days = days.map(|days| format!("{days}d"));
        let mut create = vec![
            "--profile",
            "brainpercent",
            "token",
            "create",
            name,
            "--permission",
            "read",
            "--scope",
            "articles",
            "--json",
        ];
        if let Some(days) = &days {
            create.extend(["--expires-in", days]);
        }
        fixture.home.run(&create).expect(0);
    }
    fixture.sandbox.put_faults("");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn the_pictures_show_the_current_key_hints() {
    let fixture = fixture();
    let mut visual = Terminal::visual(&fixture.home, &[], (100, 26));
    visual.wait_for("Choose a login method for");
    visual.keys(ENTER);
    visual.wait_for("Cannot open a browser.");
    take(&visual, "login");
    visual.keys(ESCAPE);
    visual.wait_for("Choose a profile to sign in to");
    visual.quit();

    fixture.sign_in_to_brainpercent();
    make_keys(&fixture);
    let profile = ["--profile", "brainpercent"];
    let mut visual = Terminal::visual(&fixture.home, &profile, (100, 20));
    visual.wait_for("1 of 10");
    visual.wait_until_gone("loading");
    visual.keys("sss");
    visual.wait_for("by expires ▲");
    visual.keys(&format!("{HOME}{DOWN}{DOWN}{DOWN}"));
    visual.wait_for("4 of 10");
    take(&visual, "tokens");
    visual.resize((120, 40));
    visual.wait_for("Tokens by expiry");
    take(&visual, "wide");
    visual.resize((100, 20));
    visual.wait_until_gone("Tokens by expiry");
    visual.keys("n");
    visual.wait_for("New BrainPercent token");
    visual.keys(&format!("nightly import{ENTER} {ENTER} {ENTER}90{UP}"));
    visual.wait_for("90");
    visual.wait_for("[x] articles");
    take(&visual, "create");
    visual.keys(&format!("{DOWN}{ENTER}"));
    visual.wait_for("Press v to show it.");
    visual.wait_for("of 11");
    take(&visual, "secret");
    visual.keys("c");
    visual.clipboard();
    super::tokens::close_copied(&mut visual);
    visual.wait_until_gone("Press v to show it.");
    visual.quit();

    fixture.log_in();
    let url = format!("{}/neuroio", fixture.sandbox.url);
    let login = [
        "--profile",
        "neuroio",
        "login",
        "--api-url",
        &url,
        "--username",
        EMAIL,
    ];
    let login = [&login[..], &["--password-stdin"]].concat();
    fixture.home.run_with_input(&login, PASSWORD).expect(0);
    let (_, key) = fixture.create_token("in the environment");
    let mut home = fixture.home;
    home.set("BRAINMAPS_API_KEY", &key);
    let mut visual = Terminal::visual(&home, &[], (100, 20));
    visual.wait_for("in the environment");
    visual.keys("2");
    visual.wait_for("shadowed");
    take(&visual, "sessions");
    visual.quit();
}

#[test]
fn the_document_shows_every_picture() {
    let manual = fs::read_to_string(package().join("docs/guide/tui.md")).unwrap();
    let mut shown: Vec<_> = manual
        .split("](../pictures/")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap().to_owned())
        .collect();
    shown.sort();
    let kept = fs::read_dir(package().join(FOLDER)).unwrap();
    let mut kept: Vec<_> = kept
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    assert_eq!(shown, kept);
}
