//! What the environment contains: proxies, the hosts without one, and the encodings of `.env`.

use std::collections::BTreeMap;

use brainmaps::domain::{Secret, decode_text, env_text};
use brainmaps::http::Proxy;
use url::Url;

use super::wire::SENT;

const NAMES: [&str; 2] = ["BRAINMAPS_API_KEY", "BRAINMAPS_API_URL"];

fn proxy(value: &str, exceptions: &str) -> Option<Proxy> {
    Proxy::from_environment(|name| match name {
        "HTTPS_PROXY" => Some(value),
        "NO_PROXY" => Some(exceptions),
        _ => None,
    })
}

/// Any list is read, other entries do not disable one, and loopback never uses a proxy. Any proxy URL is read or refused
/// without its password.
pub(crate) fn no_proxy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // A host is printed, whatever it is.
    if text.contains("c4n4ry") {
        return;
    }
    let (listed, local) = ("https://api.example.test/", "https://localhost/");
    for list in [
        format!("{text},example.test"),
        format!(".example.test {text}"),
    ] {
        let proxy = proxy("http://proxy.test:3128", &list).unwrap();
        assert!(!proxy.applies_to(&Url::parse(listed).unwrap()), "{list:?}");
        assert!(!proxy.applies_to(&Url::parse(local).unwrap()), "{list:?}");
    }
    for value in [
        format!("http://me:{SENT}@{text}"),
        format!("socks5h://{text}:{SENT}@proxy.test:1080"),
        format!("{text}{SENT}@proxy.test"),
    ] {
        let proxy = proxy(&value, &value).unwrap();
        let printed = match proxy.address() {
            Ok(address) => address,
            Err(error) => format!("{error} {error:?}"),
        };
        let printed = format!("{printed} {} {proxy:?}", proxy.exceptions());
        assert!(!printed.contains("c4n4ry"), "{printed}");
    }
}

type Values = Result<BTreeMap<String, Secret>, (usize, String)>;

fn values(bytes: Vec<u8>) -> Values {
    env_text::find_values(&decode_text(bytes.into()), &NAMES)
}

fn utf16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(encode).collect()
}

/// A `.env` has the same values in every encoding, and a line with an invalid byte changes no other.
pub(crate) fn env_encoding(bytes: &[u8]) {
    let _any = values(bytes.to_vec());
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let plain = values([b"\xef\xbb\xbf", text.as_bytes()].concat());
    assert_eq!(values(utf16(text, u16::to_le_bytes)), plain, "{text:?}");
    assert_eq!(values(utf16(text, u16::to_be_bytes)), plain, "{text:?}");
    let below = values([b"X=\xe9\n", text.as_bytes()].concat());
    let shifted = plain.map_err(|(line, name)| (line + 1, name));
    assert_eq!(below, shifted, "{text:?}");
}
