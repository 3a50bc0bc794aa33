//! Detects files that a rename cannot replace, so that this is known before a secret exists that has to be saved.

use std::os::fd::AsFd;

/// Why the system refuses to rename another file to the name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Containers mount single files.
    MountPoint,
    /// `chattr +i` or `+a`.
    Immutable,
}

/// Returns the obstacle that the attributes of `file` show.
#[cfg(target_os = "linux")]
pub(crate) fn find_obstacle(file: impl AsFd) -> Option<Obstacle> {
    use rustix::fs::{AtFlags, StatxAttributes as Attributes, StatxFlags, statx};
    let found = statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::TYPE).ok()?;
    if found.stx_attributes.contains(Attributes::MOUNT_ROOT) {
        return Some(Obstacle::MountPoint);
    }
    let fixed = Attributes::IMMUTABLE | Attributes::APPEND;
    let is_fixed = found.stx_attributes.intersects(fixed);
    is_fixed.then_some(Obstacle::Immutable)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn find_obstacle(_file: impl AsFd) -> Option<Obstacle> {
    None
}
