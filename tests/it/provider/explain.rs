//! `provider explain`

use std::collections::BTreeSet;

use crate::{support::test_home::TestHome, terminal::on_a_terminal};

#[test]
fn explain_prints_a_member_its_children_and_its_section() {
    let home = TestHome::new();
    let shown = home
        .run(&["provider", "explain", "tokens.list.paging"])
        .expect(0);
    for part in [
        "tokens.list.paging\n",
        "tokens.list.paging.style\n",
        "\nLists and pages\n",
        "style = \"cursor\"",
    ] {
        assert!(shown.stdout.contains(part), "{part}: {shown}");
    }
    assert!(!shown.stdout.contains("tokens.create"), "{shown}");
    for (member, expected) in [
        ("headers.api_key.scheme", "headers.KIND.scheme\n"),
        ("parameters.org.label", "parameters.NAME.label\n"),
        ("tokens.create.json.data.name", "tokens.create.json\n"),
        ("keyed_by_id", "tokens.list.keyed_by_id\n"),
        ("whoami", "whoami.proof\n"),
        (
            "exchange.answer.expires_in",
            "as in login.password.answer: pointer to the remaining seconds\n",
        ),
        ("tokens.enable.json", "as in tokens.revoke: the body"),
    ] {
        let shown = home.run(&["provider", "explain", member]).expect(0);
        assert!(shown.stdout.contains(expected), "{member}: {shown}");
    }
}

#[test]
fn unknown_member_suggests_a_similar_one() {
    let home = TestHome::new();
    for (member, expected) in [
        ("tokens.lst.items", "did you mean `tokens.list.items`?"),
        ("expires_att", "did you mean `expires_at`?"),
        ("nothing-like-it", "brainmaps provider explain"),
    ] {
        let refused = home.run(&["provider", "explain", member]).expect(2);
        assert!(refused.stderr.contains(expected), "{refused}");
    }
}

#[test]
fn every_member_is_listed_once() {
    let home = TestHome::new();
    let all = home
        .run(&["provider", "explain", "--json"])
        .expect(0)
        .json();
    let members = all["members"].as_array().unwrap();
    let members: Vec<_> = members.iter().map(|it| it["member"].as_str()).collect();
    assert!(members.len() > 100, "{members:?}");
    let distinct: BTreeSet<_> = members.iter().collect();
    assert_eq!(distinct.len(), members.len());
    let printed = home.run(&["provider", "explain"]).expect(0).stdout;
    let unindented = printed.lines().filter(|line| !line.starts_with(' '));
    assert_eq!(unindented.map(Some).collect::<Vec<_>>(), members);
}

#[test]
fn meanings_fit_the_width_of_the_terminal() {
    for width in [40, 80] {
        let mut home = TestHome::new();
        home.set("COLUMNS", &width.to_string()).set("NO_COLOR", "1");
        let shown = on_a_terminal(&home, &["provider", "explain"], "").wait();
        let shown = shown.expect(0).stdout;
        assert!(shown.lines().count() > 200, "{shown}");
        for line in shown.lines() {
            // A word that is too long stays whole.
            let is_one_word = !line.trim().contains(' ');
            assert!(line.chars().count() <= width || is_one_word, "{line}");
        }
    }
}
