//! Variables that contain a path.

use super::{FILE, NAME, service};
use crate::support::test_home::TestHome;

#[test]
fn tilde_is_the_home_directory_and_a_relative_path_is_an_error() {
    let server = service();
    for name in ["BRAINMAPS_DATA_DIR", "BRAINMAPS_CA_CERT", FILE] {
        let mut home = TestHome::new();
        home.set("BRAINMAPS_API_URL", &server.url);
        home.set(NAME, if name == FILE { "" } else { "c4n4ry-key" });
        home.set(name, "some/where");
        let outcome = home.run(&["whoami"]).expect(2);
        let says = [name, "relative"]
            .iter()
            .all(|it| outcome.stderr.contains(it));
        assert!(says, "{outcome}");
    }
    let mut home = TestHome::new();
    home.set("BRAINMAPS_DATA_DIR", "~/elsewhere");
    home.run_with_input(&["login", "--with-token", "--no-verify"], "c4n4ry-key")
        .expect(0);
    assert!(home.path().join("elsewhere/profiles.json").is_file());
    home.set("BRAINMAPS_DATA_DIR", "");
    home.run(&["credential", "print"]).expect(4);
}

#[test]
fn settings_behind_a_link_are_written_and_the_link_stays() {
    let home = TestHome::new();
    let (config, dotfiles) = (
        home.path().join(".config/brainmaps"),
        home.path().join("dotfiles"),
    );
    std::fs::create_dir_all(&config).unwrap();
    std::fs::create_dir_all(&dotfiles).unwrap();
    let target = dotfiles.join("config.toml");
    super::write(&target, b"storage = \"file\"\n", 0o644);
    let link = config.join("config.toml");
    std::os::unix::fs::symlink("../../dotfiles/config.toml", &link).unwrap();
    home.run(&["config", "set", "api_url.brainmaps", "https://maps.example"])
        .expect(0);
    assert!(link.is_symlink());
    let text = std::fs::read_to_string(&target).unwrap();
    assert!(
        text.contains("storage") && text.contains("https://maps.example"),
        "{text}"
    );
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&target).unwrap());
    assert_eq!(mode & 0o777, 0o644, "git tracks the file");
}
