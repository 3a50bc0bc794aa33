//! Descriptions that the program includes, but that are no service until they are added.

use std::path::Path;

use crate::support::test_home::TestHome;

/// Returns the ids of the files in the gallery.
fn ids() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provider/gallery");
    let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
    let mut ids: Vec<String> = files
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn gallery_is_listed_with_the_evidence_of_each_description() {
    let home = TestHome::new();
    let all = home.run(&["provider", "list", "--all", "--json"]).expect(0);
    let all = all.json();
    let listed = all["providers"].as_array().unwrap();
    let from_gallery = listed.iter().filter(|it| it["source"] == "gallery");
    let listed: Vec<&str> = from_gallery
        .map(|it| {
            let evidence = &it["evidence"];
            assert!(
                evidence["verified"].is_string() || evidence["documentation"].is_string(),
                "{it}"
            );
            assert!(evidence["date"].is_string(), "{it}");
            it["id"].as_str().unwrap()
        })
        .collect();
    assert_eq!(listed, ids());

    let printed = home.run(&["provider", "list", "--all"]).expect(0);
    for id in ids() {
        let row = format!("{id}\t");
        let row = printed.stdout.lines().find(|line| line.starts_with(&row));
        let row = row.unwrap_or_else(|| panic!("{id}: {printed}"));
        assert!(
            row.contains("\tgallery\tverified 20")
                || row.contains("\tgallery\tfrom documentation 20"),
            "{row}"
        );
    }
    assert!(
        printed.stderr.contains("brainmaps provider add ID"),
        "{printed}"
    );
    let without = home.run(&["provider", "list"]).expect(0);
    assert!(!without.stdout.contains("gallery"), "{without}");
}

#[test]
#[ignore = "slow: run by ./tests/run"]
fn gallery_descriptions_pass_the_check() {
    let home = TestHome::new();
    for id in ids() {
        let file = format!(
            "{}/src/provider/gallery/{id}.toml",
            env!("CARGO_MANIFEST_DIR")
        );
        home.run(&["provider", "check", &file]).expect(0);
        let shown = home.run(&["provider", "show", &id]).expect(0);
        let add = format!("not added; to use it, run `brainmaps provider add {id}`");
        assert!(shown.stderr.contains(&add), "{shown}");
    }
}

#[test]
fn gallery_service_has_no_profile_until_it_is_added() {
    let home = TestHome::new();
    let id = &ids()[0];
    let refused = home.run(&["--profile", id, "token", "list"]).expect(2);
    let add = format!("brainmaps provider add {id}");
    assert!(refused.stderr.contains(&add), "{refused}");
}
