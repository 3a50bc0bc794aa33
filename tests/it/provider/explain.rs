//! `provider explain`

use crate::support::test_home::TestHome;

#[test]
fn a_member_is_explained_with_those_inside_it_and_its_section() {
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
fn an_unknown_member_has_a_similar_one() {
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
fn all_members_are_listed_within_the_width() {
    let home = TestHome::new();
    let all = home
        .run(&["provider", "explain", "--json"])
        .expect(0)
        .json();
    let count = all["members"].as_array().unwrap().len();
    assert!(count > 100, "{count}");
    for width in ["40", "80"] {
        let mut home = TestHome::new();
        home.set("COLUMNS", width);
        let printed = home.run(&["provider", "explain"]).expect(0).stdout;
        let starts = printed.lines().filter(|line| !line.starts_with(' '));
        assert_eq!(starts.count(), count);
    }
}
