//! Addresses that only this machine or its network can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::is_loopback;

/// Returns `true` if the host of `url` is an address that is not public, or a name of this machine. Other names must be
/// looked up.
pub fn has_private_host(url: &Url) -> bool {
    is_loopback(url)
        || match url.host() {
            Some(Host::Ipv4(address)) => is_private_address(address.into()),
            Some(Host::Ipv6(address)) => is_private_address(address.into()),
            _ => false,
        }
}

/// Returns `true` for an address that is not on the public internet: loopback, private, link-local (which includes the
/// metadata services of clouds), shared, reserved and multicast ones.
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (second & 0xC0) == 64;
    let is_benchmark = first == 198 && (second & 0xFE) == 18;
    let is_protocol = (first, second, third) == (192, 0, 0);
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || first == 0
        || first >= 224
        || is_shared
        || is_benchmark
        || is_protocol
}

/// An IPv4 address may be embedded: mapped, compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn is_private_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0 | 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0xDB8, ..] => true,
        // Only 2000::/3 is public; fc00::/7, fe80::/10 and ff00::/8 are outside it.
        [first, ..] => (first & 0xE000) != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: [&str; 25] = [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "localhost",
        "x.localhost",
        "2130706433",
        "0x7f.1",
    ];
    const PUBLIC: [&str; 8] = [
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::808:808]",
        "example.com",
        "localhost.example.com",
    ];

    fn is_private(host: &str) -> bool {
        has_private_host(&Url::parse(&format!("https://{host}/x")).unwrap())
    }

    #[test]
    fn addresses_of_this_network_are_not_public() {
        for host in PRIVATE {
            assert!(is_private(host), "{host}");
        }
        for host in PUBLIC {
            assert!(!is_private(host), "{host}");
        }
    }
}
