//! Decodes compressed response bodies. Requests ask for none, but some servers and proxies compress anyway.

use std::io::Read;

use ::http::HeaderMap;
use ::http::header::CONTENT_ENCODING;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use zeroize::Zeroizing;

use super::HttpError;
use super::response::is_complete_json;

/// The size of brotli's input buffer.
const BUFFER: usize = 4096;

/// More encodings than a server applies, one after the other.
const MAX_ENCODINGS: usize = 3;

/// Returns the body without its content encodings (RFC 9110 §8.4). A body that is not compressed although the header says
/// so is returned unchanged: some proxies decompress and keep the header.
///
/// # Errors
/// [`HttpError::TooLarge`] above `limit`, [`HttpError::Encoding`] for a damaged body.
pub(super) fn decode_body(
    body: Zeroizing<Vec<u8>>,
    headers: &HeaderMap,
    url: &str,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, HttpError> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let encodings = values.iter().flat_map(|value| value.split(','));
    let encodings: Vec<String> = encodings
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let url = || url.to_owned();
    let mut body = body;
    for encoding in encodings.iter().rev().take(MAX_ENCODINGS) {
        if body.is_empty() || is_plain_json(&body) {
            break;
        }
        let Some(decoded) = decode_one(encoding, &body, limit) else {
            continue;
        };
        let decoded = decoded.map_err(|_| HttpError::Encoding {
            url: url(),
            encoding: encoding.clone(),
        })?;
        if decoded.len() > limit {
            return Err(HttpError::TooLarge { url: url(), limit });
        }
        body = decoded;
    }
    Ok(body)
}

/// Decodes one encoding; `None` for `identity` and unknown names, whose body is used unchanged.
fn decode_one(
    encoding: &str,
    body: &[u8],
    limit: usize,
) -> Option<std::io::Result<Zeroizing<Vec<u8>>>> {
    Some(match encoding {
        "gzip" | "x-gzip" => read_limited(MultiGzDecoder::new(body), limit),
        // RFC 9110 §8.4.1.2 means zlib; some servers send raw DEFLATE.
        "deflate" => read_limited(ZlibDecoder::new(body), limit)
            .or_else(|_| read_limited(DeflateDecoder::new(body), limit)),
        "br" => read_limited(brotli_decompressor::Decompressor::new(body, BUFFER), limit),
        _ => return None,
    })
}

/// Reads at most one byte more than `limit`, so that a compression bomb is not expanded. What was decoded before a
/// damaged checksum or a missing end counts if it is complete JSON.
fn read_limited(reader: impl Read, limit: usize) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut body = Zeroizing::new(Vec::new());
    let limit = limit as u64 + 1;
    match reader.take(limit).read_to_end(&mut body) {
        Err(error) if !is_complete_json(&body) => Err(error),
        _ => Ok(body),
    }
}

fn is_plain_json(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{") && is_complete_json(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use crate::http::BODY_LIMIT;

    const JSON: &[u8] = br#"{"access_token":"a"}"#;

    /// [`JSON`], compressed by Node's `brotliCompressSync`.
    const BROTLI: &[u8] = b"\x8b\x09\x80{\"access_token\":\"a\"}\x03";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn raw_deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(encoding: &str, body: &[u8]) -> Result<Vec<u8>, HttpError> {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
        decode_body(body.to_vec().into(), &headers, "https://a.b/", BODY_LIMIT)
            .map(|body| body.to_vec())
    }

    #[test]
    fn known_encodings_are_decoded() {
        let cut = gzip(JSON);
        let cut = &cut[..cut.len() - 8];
        for (encoding, body) in [
            ("gzip", gzip(JSON)),
            ("X-GZip", gzip(JSON)),
            ("identity, gzip", gzip(JSON)),
            ("deflate, gzip", gzip(&zlib(JSON))),
            ("deflate", zlib(JSON)),
            ("deflate", raw_deflate(JSON)),
            ("br", BROTLI.to_vec()),
            ("utf-8", JSON.to_vec()),
            ("gzip", JSON.to_vec()),
            ("gzip", cut.to_vec()),
        ] {
            assert_eq!(decode(encoding, &body).unwrap(), JSON, "{encoding}");
        }
        assert_eq!(decode("gzip", b"").unwrap(), b"");
    }

    #[test]
    fn damaged_body_is_reported_with_its_encoding() {
        for encoding in ["gzip", "deflate", "br"] {
            let error = decode(encoding, b"\x1f\x8b damaged hunter2").unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(
                text.contains(encoding) && !text.contains("hunter2"),
                "{text}"
            );
        }
    }

    #[test]
    fn compression_bomb_is_not_expanded() {
        let bomb = gzip(&vec![b' '; 64 * BODY_LIMIT]);
        assert!(bomb.len() < BODY_LIMIT);
        for (encoding, body) in [("gzip", bomb.clone()), ("gzip, gzip", gzip(&bomb))] {
            let error = decode(encoding, &body).unwrap_err();
            assert!(matches!(error, HttpError::TooLarge { .. }), "{error}");
        }
    }
}
