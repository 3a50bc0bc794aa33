//! Provider descriptions of somebody else.

use brainmaps::provider::{Catalog, Descriptor, check};

/// The checker and the program accept the same descriptions.
pub(crate) fn descriptor(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let diagnostics = check(text, None);
    let lines = text.lines().count().max(1);
    for diagnostic in &diagnostics {
        assert!(
            (1..=lines + 1).contains(&diagnostic.line),
            "{diagnostic:?} of {lines}"
        );
        assert!(diagnostic.column > 0);
        assert!(!diagnostic.message.is_empty());
    }
    let home = tempfile::tempdir().unwrap();
    let catalog = Catalog::new(home.path().to_owned());
    match toml::from_str::<Descriptor>(text) {
        Ok(descriptor) => {
            let path = home.path().join(format!("{}.toml", descriptor.id));
            std::fs::write(path, text).unwrap();
            let mut found = catalog.find(&descriptor.id).unwrap().descriptor;
            assert!(found.file.take().is_some());
            assert_eq!(found, descriptor);
        }
        Err(error) => assert!(!diagnostics.is_empty(), "unseen: {error}"),
    }
}
