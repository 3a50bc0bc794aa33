//! Archives that package managers download.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

/// A `.tar.gz` file with these files.
pub(super) fn tar_gz(files: &[(&str, &str)]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for (name, contents) in files {
        gzip.write_all(&header(name, contents.len())).unwrap();
        gzip.write_all(contents.as_bytes()).unwrap();
        let padding = vec![0; contents.len().next_multiple_of(512) - contents.len()];
        gzip.write_all(&padding).unwrap();
    }
    gzip.write_all(&[0; 1024]).unwrap();
    gzip.finish().unwrap()
}

/// The header of a regular file (POSIX ustar).
fn header(name: &str, length: usize) -> [u8; 512] {
    let mut header = [0; 512];
    let length = format!("{length:011o}");
    for (at, text) in [
        (0, name),
        (100, "0000644"),
        (108, "0000000"),
        (116, "0000000"),
        (124, &length),
        (136, "00000000000"),
        (148, "        "),
        (156, "0"),
        (257, "ustar\x0000"),
    ] {
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    let sum: u32 = header.iter().copied().map(u32::from).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}
