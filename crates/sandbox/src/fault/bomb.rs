//! A gzip file (RFC 1951, 1952) that is small until somebody inflates it: one space, and then "the same 258 times more",
//! which costs 13 bits each time.

/// What it inflates to: white space, which a JSON reader goes on reading.
const FILL: u8 = b' ';

/// The longest repetition that DEFLATE knows.
const RUN: u64 = 258;

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// One that inflates to about so many megabytes.
pub(super) fn gzip(megabytes: u64) -> Vec<u8> {
    // Eight runs fill 13 bytes exactly, which then repeat.
    let turns = (megabytes * 1_000_000 / (8 * RUN)).max(1);
    let bits = bits();
    let (head, turn) = (&bits[..2], &bits[2..15]);
    let mut file = HEADER.to_vec();
    file.extend(head);
    file.extend(turn.repeat(usize::try_from(turns - 1).unwrap_or(0)));
    // The end of the last run and the end-of-block code are nothing but zeros.
    file.extend(&turn[..12]);
    file.extend([0, 0]);
    let length = 1 + turns * 8 * RUN;
    file.extend(crc32(length).to_le_bytes());
    // RFC 1952 §2.3.1: the length modulo 2^32.
    file.extend(&length.to_le_bytes()[..4]);
    file
}

/// The first 15 bytes of the one block: its head, the literal, and two turns of eight runs begun.
fn bits() -> Vec<u8> {
    // Last block, fixed codes (RFC 1951 §3.2.3, §3.2.6); the code of the literal; then length 258, distance 1.
    let begin = "110".to_owned() + &format!("{:08b}", 0x30 + FILL);
    let run = "1100010100000";
    let all = begin + &run.repeat(16);
    let all: Vec<bool> = all.chars().map(|bit| bit == '1').collect();
    let byte = |bits: &[bool]| {
        let bits = bits.iter().enumerate();
        bits.fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at)
    };
    all.chunks(8).take(15).map(byte).collect()
}

/// The CRC-32 of `length` times [`FILL`] without going through them: one byte maps the state `s` to `a·s + b`, and
/// such maps can be squared.
fn crc32(length: u64) -> u32 {
    // x^8, the coefficients in reversed order.
    const BYTE: u32 = 1 << 23;
    let (mut factor, mut summand) = (BYTE, multiply(BYTE, u32::from(FILL)));
    let (mut state, mut left) = (u32::MAX, length);
    while left > 0 {
        if left & 1 == 1 {
            state = multiply(factor, state) ^ summand;
        }
        summand ^= multiply(factor, summand);
        factor = multiply(factor, factor);
        left >>= 1;
    }
    !state
}

/// The product of two polynomials modulo that of CRC-32.
fn multiply(mut one: u32, mut other: u32) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut product = 0;
    while one != 0 {
        if one >> 31 == 1 {
            product ^= other;
        }
        one <<= 1;
        other = (other >> 1) ^ (POLYNOMIAL * (other & 1));
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn byte_by_byte(length: u64) -> u32 {
        let step = |state: u32, _| {
            (0..8).fold(state ^ u32::from(FILL), |state, _| {
                (state >> 1) ^ (0xedb8_8320 * (state & 1))
            })
        };
        !(0..length).fold(u32::MAX, step)
    }

    #[test]
    fn the_checksum_is_that_of_all_the_bytes() {
        // `printf ' ' | gzip | tail -c8 | head -c4 | xxd`
        assert_eq!(crc32(1), 0xe96c_cf45);
        for length in [0, 2, 3, 100, 12_345] {
            assert_eq!(crc32(length), byte_by_byte(length), "{length}");
        }
    }

    #[test]
    fn it_is_more_than_a_hundred_times_smaller_than_what_it_holds() {
        assert!(gzip(10).len() < 100_000);
    }
}
