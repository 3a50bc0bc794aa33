//! Opens descriptors of this process by their path, such as `/dev/fd/3`. Shells and `brainmaps exec --fd` pass secrets in
//! pipes and memory files, which have no other name.

use std::fs::File;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

/// Returns the number of the descriptor of this process that `path` names.
pub(super) fn descriptor_number(path: &Path) -> Option<u32> {
    let text = path.to_str()?;
    if text == "/dev/stdin" {
        return Some(0);
    }
    let own = format!("/proc/{}/fd/", std::process::id());
    let directories = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", &own];
    let number = directories.iter().find_map(|it| text.strip_prefix(it))?;
    let is_number = number.chars().all(|c| c.is_ascii_digit());
    is_number.then(|| number.parse().ok())?
}

/// Opens the file of a descriptor again, so that neither its offset nor its flags are shared.
pub(super) fn open(number: u32) -> Result<File, Errno> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let path = format!("{DIRECTORY}/{number}");
    openat(CWD, path, flags, Mode::empty()).map(File::from)
}

#[cfg(target_os = "linux")]
const DIRECTORY: &str = "/proc/self/fd";
#[cfg(not(target_os = "linux"))]
const DIRECTORY: &str = "/dev/fd";

/// Returns `true` for a file in memory, which other users cannot open, whatever its mode is.
#[cfg(target_os = "linux")]
pub(super) fn is_memory_file(number: u32) -> bool {
    let target = rustix::fs::readlink(format!("{DIRECTORY}/{number}"), Vec::new());
    target.is_ok_and(|target| target.as_bytes().starts_with(b"/memfd:"))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_memory_file(_number: u32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_descriptors_of_this_process_have_a_number() {
        let own = format!("/proc/{}/fd/7", std::process::id());
        for (path, expected) in [
            ("/dev/fd/3", Some(3)),
            ("/proc/self/fd/63", Some(63)),
            ("/dev/stdin", Some(0)),
            (&own, Some(7)),
            ("/proc/1/fd/3", None),
            ("/dev/fd/", None),
            ("/dev/fd/+3", None),
            ("/dev/fd/3/x", None),
            ("/dev/fd/../../etc/passwd", None),
            ("/tmp/dev/fd/3", None),
        ] {
            assert_eq!(descriptor_number(Path::new(path)), expected, "{path}");
        }
    }
}
