//! Directories for tests, in memory where possible: every save is synced, which a disk does slowly.

use std::path::Path;

use tempfile::TempDir;

/// Creates a directory that is deleted when it is dropped.
pub(crate) fn temp_dir() -> TempDir {
    let builder = || tempfile::Builder::new().prefix("brainmaps-it-").to_owned();
    let memory = Path::new("/dev/shm");
    if can_run_programs(memory)
        && let Ok(directory) = builder().tempdir_in(memory)
    {
        return directory;
    }
    builder().tempdir().unwrap()
}

/// Containers often mount `/dev/shm` without execution; some tests install programs.
fn can_run_programs(folder: &Path) -> bool {
    let flags = rustix::fs::statvfs(folder).map(|stat| stat.f_flag);
    flags.is_ok_and(|flags| !flags.contains(rustix::fs::StatVfsMountFlags::NOEXEC))
}
