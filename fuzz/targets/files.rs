//! Files that this program reads: the vault's, `.env`, the project's, the settings.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use brainmaps::actions::Config;
use brainmaps::domain::Secret;
use brainmaps::host::{DotEnv, DotEnvError, DotEnvReader, SearchScope, project};
use brainmaps::vault::{EnvFile, EnvFileError, Storage, Vault};

use super::wire::{SENT, printed, runtime};

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true).mode(0o600);
    options.open(path).unwrap().write_all(bytes).unwrap();
}

/// Index, credential and rotation journal. None of it is quoted in an error, and what was read is written and read back
/// unchanged.
pub(crate) fn vault(bytes: &[u8]) {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let vault = Vault::new(data.clone());
    let profile = "work".parse().unwrap();
    // Makes the directories as they should be.
    let lock = vault.try_lock(&profile).unwrap().unwrap();
    let journal = runtime()
        .block_on(vault.open_rotation_journal(&profile))
        .unwrap();
    for place in [
        "profiles.json",
        "credentials/work.json",
        "rotations/work.json",
    ] {
        put(&data.join(place), bytes);
    }
    if let Err(error) = vault.index() {
        unquoted(&error);
    }
    match vault.read(&profile, Storage::File) {
        Ok(Some(stored)) => {
            vault.write(&lock, Storage::File, &stored).unwrap();
            assert_eq!(vault.read(&profile, Storage::File).unwrap(), Some(stored));
        }
        Ok(None) => panic!("the file is there"),
        Err(error) => unquoted(&error),
    }
    match journal.read() {
        Ok(Some(rotation)) => {
            journal.write(&rotation).unwrap();
            assert_eq!(journal.read().unwrap(), Some(rotation));
        }
        Ok(None) => panic!("the file is there"),
        // It holds no secret, and may be quoted.
        Err(_) => {}
    }
}

fn unquoted(error: &dyn std::error::Error) {
    let text = format!("{} {error:?}", printed(error));
    assert!(!text.contains("c4n4ry"), "{text}");
}

const NAMES: [&str; 2] = ["BRAINMAPS_API_KEY", "BRAINMAPS_API_URL"];

fn read(directory: &Path, names: &[&str]) -> Result<Option<DotEnv>, DotEnvError> {
    DotEnvReader::default().read_nearest(&SearchScope::new(directory, None), names)
}

/// Any `.env` is read or refused without being quoted, and a key that is put into it comes out again.
pub(crate) fn dotenv(bytes: &[u8]) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".env");
    put(&path, bytes);
    if let Err(error) = read(home.path(), &NAMES) {
        unquoted(&error);
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    // Text that readers disagree about is refused, and the file is as it was.
    let refused = |error: &EnvFileError| {
        assert!(matches!(error, EnvFileError::Text { .. }), "{error:?}");
        unquoted(error);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    };
    let file = match EnvFile::open(&path) {
        Ok(file) => file,
        Err(error) => return refused(&error),
    };
    // A key is visible ASCII; what else stands in the file is taken as a hard one.
    let hard: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(60)
        .collect();
    let key = Secret::new(format!("{hard}{SENT}"));
    if let Err(error) = file.set(NAMES[0], &key) {
        return refused(&error);
    }
    assert_eq!(
        file.get(NAMES[0]).unwrap(),
        Some(key.clone()),
        "{:?}",
        key.expose()
    );
    let read = read(home.path(), &NAMES[..1]).unwrap().unwrap();
    assert_eq!(read.get(NAMES[0]), Some(&key), "{:?}", key.expose());
}

/// `.brainmaps.toml` and `config.toml`.
pub(crate) fn settings(bytes: &[u8]) {
    let home = tempfile::tempdir().unwrap();
    put(&home.path().join(project::PROJECT_FILE), bytes);
    if let Ok(Some(found)) = project::read_nearest(&SearchScope::new(home.path(), None)) {
        let written = project::rebind(home.path(), Some(&found.binding)).unwrap();
        put(&found.path, written.unwrap().as_bytes());
        assert_eq!(
            project::read_nearest(&SearchScope::new(home.path(), None))
                .unwrap()
                .unwrap()
                .binding,
            found.binding
        );
    }
    let config = home.path().join("config.toml");
    put(&config, bytes);
    if let Ok(read) = Config::read(&config) {
        read.write(&config).unwrap();
        assert_eq!(
            format!("{:?}", Config::read(&config).unwrap()),
            format!("{read:?}")
        );
    }
}
