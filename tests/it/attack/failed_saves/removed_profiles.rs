//! Journals of interrupted operations do not outlive their profile.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use serde_json::json;

use crate::support::{
    sandbox::write_private,
    test_home::{CommandResult, TestHome},
};

struct Journals {
    home: TestHome,
    rotation: PathBuf,
    creation: PathBuf,
    reported: PathBuf,
}

/// An interrupted rotation, an interrupted creation and a reported one of `profile`.
fn journals(profile: &str) -> Journals {
    let home = TestHome::new();
    let operation = json!({
        "provider": "brainmaps", "origin": "https://api.brainmaps.science", "began_at": "2026-11-21T10:00:00Z",
        "name": "ci", "old": "12", "before": ["12"], "place": "profile",
    });
    let file = |folder: &str, name: &str| {
        let folder = home.data().join(folder);
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        write_private(&path, &operation.to_string());
        path
    };
    let (rotation, creation, reported) = (
        file("rotations", &format!("{profile}.json")),
        file("creations", &format!("{profile}.0123456789abcdef.json")),
        file("creations", &format!("{profile}.0123456789abcdee.reported")),
    );
    Journals {
        home,
        rotation,
        creation,
        reported,
    }
}

impl Journals {
    fn remove(&self, profile: &str) -> CommandResult {
        self.home.run(&["profile", "remove", profile])
    }

    fn remaining(&self) -> Vec<&PathBuf> {
        let all = [&self.rotation, &self.creation, &self.reported];
        all.into_iter().filter(|path| path.exists()).collect()
    }
}

#[test]
fn removed_profile_leaves_no_journals_and_they_are_reported() {
    for (profile, is_listed, is_damaged) in [
        ("work", true, false),
        ("brainmaps", false, false),
        ("work", false, true),
        // Left by an earlier release.
        ("work", false, false),
    ] {
        let journals = journals(profile);
        if is_listed {
            let add = ["profile", "add", profile, "--provider", "brainmaps"];
            journals.home.run(&add).expect(0);
        }
        if is_damaged {
            write_private(&journals.home.data().join("profiles.json"), "{");
        }
        let outcome = journals.remove(profile).expect(0);
        for operation in ["a rotation of token 12", "the creation of a token \"ci\""] {
            let warning = format!("{operation} of profile \"{profile}\" was interrupted");
            assert!(outcome.stderr.contains(&warning), "{outcome}");
        }
        assert!(outcome.stderr.contains("journal is deleted"), "{outcome}");
        assert!(journals.remaining().is_empty(), "{outcome}");
    }
}

#[test]
fn journals_of_other_profiles_and_running_processes_stay() {
    let journals = journals("brainmaps.x");
    journals.remove("brainmaps").expect(0);
    assert_eq!(journals.remaining().len(), 3);

    let lock = journals.rotation.with_extension("lock");
    write_private(&lock, "");
    let running = [&lock, &journals.creation].map(|path| File::open(path).unwrap());
    for file in &running {
        file.try_lock().unwrap();
    }
    let outcome = journals.remove("brainmaps.x").expect(0);
    assert_eq!(
        journals.remaining(),
        [&journals.rotation, &journals.creation]
    );
    assert!(!outcome.stderr.contains("rotation"), "{outcome}");
    // A process that is just started has copies of the descriptors.
    for file in &running {
        file.unlock().unwrap();
    }
    journals.remove("brainmaps.x").expect(0);
    assert!(journals.remaining().is_empty());
}

#[test]
fn profile_that_is_signed_in_keeps_its_journals() {
    let journals = journals("brainmaps");
    let login = ["login", "--with-token", "--no-verify"];
    let key = "bm_pat_c4n4ry0123456789";
    journals.home.run_with_input(&login, key).expect(0);
    journals.remove("brainmaps").expect(2);
    assert_eq!(journals.remaining().len(), 3);
}
