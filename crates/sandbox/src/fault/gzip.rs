//! Gzip files: a compressed body, and a small file that inflates to a large one.

use std::io::{self, Write as _};

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};

/// White space: a JSON parser keeps reading it.
const FILL: u8 = b' ';

const MEGABYTE: usize = 1_000_000;

/// Member header (RFC 1952 §2.3): deflate, no name, no time.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    // Writing to memory does not fail.
    written.unwrap_or_default()
}

/// Returns a gzip file that inflates to this many megabytes.
///
/// One megabyte is compressed and its output repeated: it ends at a byte boundary and refers to nothing before it, and
/// compressing a gigabyte would take seconds.
pub(super) fn bomb(megabytes: u64) -> io::Result<Vec<u8>> {
    let data = vec![FILL; MEGABYTE];
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&data)?;
    encoder.flush()?;
    let flushed = encoder.get_ref().len();
    let compressed = encoder.finish()?;
    let (block, last) = compressed.split_at(flushed);

    let mut block_crc = Crc::new();
    block_crc.update(&data);
    let mut crc = Crc::new();
    let mut file = HEADER.to_vec();
    for _ in 0..megabytes {
        file.extend(block);
        crc.combine(&block_crc);
    }
    file.extend(last);
    file.extend(crc.sum().to_le_bytes());
    file.extend(crc.amount().to_le_bytes());
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn gzip_file_is_valid_and_over_a_hundred_times_smaller_than_its_content() {
        let file = bomb(10).unwrap();
        assert!(file.len() < 100_000);
        let mut content = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(file.as_slice());
        // Compares the checksum and the length.
        decoder.read_to_end(&mut content).unwrap();
        assert_eq!(content.len(), 10 * MEGABYTE);
        assert!(content.iter().all(|byte| *byte == FILL));
    }
}
