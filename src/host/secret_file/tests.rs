use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

fn write(path: &Path, content: &[u8], mode: u32) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test plays a container runtime"
    )]
    fs::write(path, content).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn read(path: &Path) -> Result<String, String> {
    text(&SecretFiles::default().read(path))
}

fn text(result: &SecretFileResult) -> Result<String, String> {
    let secret = result.as_ref().as_ref();
    let secret = secret.map_err(ToString::to_string)?;
    Ok(secret.expose().to_owned())
}

#[test]
fn files_of_container_runtimes_are_read_without_the_line_end() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key");
    for (content, mode) in [
        (&b"abc"[..], 0o444),
        (b"abc\n", 0o400),
        (b"abc\r\n", 0o440),
        (b"\xef\xbb\xbfabc\n", 0o644),
        (b"\xff\xfea\0b\0c\0\r\0\n\0", 0o600),
    ] {
        let _ = fs::remove_file(&path);
        write(&path, content, mode);
        assert_eq!(read(&path).as_deref(), Ok("abc"), "{content:?}");
    }
    // Kubernetes: key -> ..data/key, ..data -> ..2026_11_29
    let mounted = home.path().join("mounted");
    fs::create_dir_all(mounted.join("..2026_11_29")).unwrap();
    write(&mounted.join("..2026_11_29/key"), b"abc", 0o444);
    symlink("..2026_11_29", mounted.join("..data")).unwrap();
    symlink("..data/key", mounted.join("key")).unwrap();
    assert_eq!(read(&mounted.join("key")).as_deref(), Ok("abc"));
}

#[test]
fn unusable_file_is_an_error_without_its_content() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key");
    let large = vec![b'x'; 65 * 1024];
    for (content, mode, says) in [
        (&b""[..], 0o600, "is empty"),
        (b" \n", 0o600, "is empty"),
        (b"hunter2", 0o666, "writable by other users"),
        (b"hunter2\xff", 0o600, "is not UTF-8 text"),
        (&large, 0o600, "larger than 65536 bytes"),
    ] {
        write(&path, content, mode);
        let error = read(&path).unwrap_err();
        assert!(
            error.contains(says) && !error.contains("hunter2"),
            "{error}"
        );
    }
    assert!(
        read(&home.path().join("none"))
            .unwrap_err()
            .contains("does not exist")
    );
    assert!(read(home.path()).unwrap_err().contains("is a directory"));
    assert!(read(Path::new("key")).unwrap_err().contains("relative"));
}

fn find(directory: &Path, variable: &str) -> Option<Result<String, String>> {
    let files = SecretFiles::with_run_secrets(directory.to_owned());
    let found = files.find_in(files.run_secrets(), variable)?;
    assert!(found.path.starts_with(directory));
    assert_eq!(
        files.has_mounted_file(&Environment::default(), variable),
        !directory.is_relative()
    );
    Some(text(&found.value))
}

#[test]
fn mounted_secret_has_the_name_of_the_variable_in_either_case() {
    let mounts = tempfile::tempdir().unwrap();
    assert_eq!(find(mounts.path(), "A_KEY"), None);
    assert_eq!(find(&mounts.path().join("none"), "A_KEY"), None);
    write(&mounts.path().join("a_key"), b"lower\n", 0o444);
    assert_eq!(find(mounts.path(), "A_KEY"), Some(Ok("lower".to_owned())));
    write(&mounts.path().join("A_KEY"), b"upper", 0o400);
    assert_eq!(find(mounts.path(), "A_KEY"), Some(Ok("upper".to_owned())));
    assert_eq!(find(mounts.path(), "B_KEY"), None);
    assert_eq!(find(mounts.path(), "../A_KEY"), None);
    assert_eq!(find(mounts.path(), ""), None);
}

#[test]
fn mounted_secret_that_cannot_be_used_is_an_error() {
    let mounts = tempfile::tempdir().unwrap();
    let file = mounts.path().join("a_key");
    for (content, mode, says) in [
        (&b""[..], 0o400, "is empty"),
        (b"hunter2", 0o666, "writable by other users"),
        (b"hunter2\xff", 0o400, "not UTF-8"),
    ] {
        write(&file, content, mode);
        let error = find(mounts.path(), "A_KEY").unwrap().unwrap_err();
        assert!(
            error.contains(says) && !error.contains("hunter2"),
            "{error}"
        );
        fs::remove_file(&file).unwrap();
    }
    fs::create_dir(&file).unwrap();
    let error = find(mounts.path(), "A_KEY").unwrap().unwrap_err();
    assert!(error.contains("is a directory"), "{error}");
}

#[test]
fn hard_link_in_a_directory_of_everybody_is_refused() {
    let mounts = tempfile::tempdir().unwrap();
    write(&mounts.path().join("original"), b"hunter2", 0o600);
    fs::hard_link(mounts.path().join("original"), mounts.path().join("a_key")).unwrap();
    assert!(find(mounts.path(), "A_KEY").unwrap().is_ok());
    fs::set_permissions(mounts.path(), Permissions::from_mode(0o1777)).unwrap();
    let error = find(mounts.path(), "A_KEY").unwrap().unwrap_err();
    assert!(error.contains("hard link"), "{error}");
}

#[test]
fn pipe_is_read_once_and_a_file_each_time() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"abc\n").unwrap();
    drop(writer);
    let files = SecretFiles::default();
    let path = PathBuf::from(format!("/dev/fd/{}", reader.as_raw_fd()));
    for _ in 0..2 {
        assert_eq!(text(&files.read(&path)).as_deref(), Ok("abc"));
    }
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key");
    for content in ["a", "b"] {
        write(&path, content.as_bytes(), 0o400);
        assert_eq!(text(&files.read(&path)).as_deref(), Ok(content));
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn descriptors_are_read_and_limited() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    let path = |descriptor: i32| PathBuf::from(format!("/proc/self/fd/{descriptor}"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(writer);
    let error = read(&path(reader.as_raw_fd())).unwrap_err();
    assert!(error.contains("is empty"), "{error}");
    let (reader, mut writer) = std::io::pipe().unwrap();
    let thread = std::thread::spawn(move || writer.write_all(&vec![b'x'; 70 * 1024]));
    let error = read(&path(reader.as_raw_fd())).unwrap_err();
    assert!(error.contains("larger than"), "{error}");
    drop(reader);
    let _closed = thread.join().unwrap();
    let null = fs::File::open("/dev/null").unwrap();
    let error = read(&path(null.as_raw_fd())).unwrap_err();
    assert!(error.contains("not a regular file"), "{error}");
    assert!(
        read(Path::new("/dev/fd/99999"))
            .unwrap_err()
            .contains("does not exist")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn memory_file_is_read_from_its_start_whatever_its_mode() {
    use crate::host::sealed_memory_file;
    let file = sealed_memory_file(&Secret::new("abc")).unwrap();
    assert_eq!(read(Path::new(&file.path)).as_deref(), Ok("abc"));
    let created = rustix::fs::memfd_create("other", rustix::fs::MemfdFlags::CLOEXEC).unwrap();
    rustix::io::write(&created, b"xyz").unwrap();
    let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&created));
    assert_eq!(read(Path::new(&path)).as_deref(), Ok("xyz"));
}
