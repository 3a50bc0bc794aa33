//! Descriptions of services that somebody else wrote.

use brainmaps::provider::{Catalog, Descriptor, check};

/// The checker and the program agree about what is a description.
pub(crate) fn descriptor(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let mistakes = check(text, None);
    let lines = text.lines().count().max(1);
    for mistake in &mistakes {
        assert!(
            (1..=lines + 1).contains(&mistake.line),
            "{mistake:?} of {lines}"
        );
        assert!(!mistake.message.is_empty());
    }
    let home = tempfile::tempdir().unwrap();
    let catalog = Catalog::new(home.path().to_owned());
    match toml::from_str::<Descriptor>(text) {
        Ok(descriptor) => {
            let path = home.path().join(format!("{}.toml", descriptor.id));
            std::fs::write(path, text).unwrap();
            assert_eq!(catalog.find(&descriptor.id).unwrap().descriptor, descriptor);
        }
        Err(error) => assert!(!mistakes.is_empty(), "unseen: {error}"),
    }
}
