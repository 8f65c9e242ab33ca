//! Who is at the other end: the right-most address that no trusted proxy wrote.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use app::api::session::ClientAddress;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use super::forwarded;

/// Puts the [`ClientAddress`] into the request and its answer.
pub async fn find(
    State(trusted): State<Arc<[IpNet]>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = client_address(peer.ip(), request.headers(), &trusted);
    request.extensions_mut().insert(ClientAddress(address));
    let mut answer = next.run(request).await;
    // For the log.
    answer.extensions_mut().insert(ClientAddress(address));
    answer
}

fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter();
    // A line that is no text is no list of addresses; left out, what stands before it would be believed.
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or_default()).collect();
    forwarded::client(peer, &lines, trusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["127.0.0.0/8".parse().expect("network"), "10.0.0.0/8".parse().expect("network")];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("header"));
        }
        client_address(peer.parse().expect("address"), &headers, &trusted).to_string()
    }

    #[test]
    fn an_untrusted_peer_is_not_believed() {
        assert_eq!(found("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn behind_trusted_proxies_the_rightmost_stranger_is_the_client() {
        assert_eq!(found("127.0.0.1", &["198.51.100.66, 198.51.100.1, 10.0.0.7"]), "198.51.100.1");
        assert_eq!(found("127.0.0.1", &["198.51.100.66", "198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn a_forged_entry_ends_the_search() {
        assert_eq!(found("127.0.0.1", &["198.51.100.1, nonsense"]), "127.0.0.1");
    }

    #[test]
    fn a_line_that_is_no_text_hides_what_stands_before_it() {
        let trusted = ["127.0.0.0/8".parse().expect("network")];
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.66".parse().expect("header"));
        let garbled = axum::http::HeaderValue::from_bytes(b"\xff\xfe, 198.51.100.1").expect("header");
        headers.append("x-forwarded-for", garbled);
        let peer = "127.0.0.1".parse().expect("address");
        assert_eq!(client_address(peer, &headers, &trusted), peer);
    }

    #[test]
    fn what_stands_left_of_the_client_is_what_the_client_wrote() {
        for forged in ["10.0.0.1, 127.0.0.1", "::1", "203.0.113.7, 203.0.113.7", ", ,", "nonsense", ""] {
            let list = format!("{forged}, 198.51.100.1, 10.0.0.7");
            assert_eq!(found("127.0.0.1", &[&list]), "198.51.100.1", "{forged}");
            assert_eq!(found("127.0.0.1", &[forged, "198.51.100.1", "10.0.0.7"]), "198.51.100.1", "{forged}");
        }
        assert_eq!(found("127.0.0.1", &["198.51.100.1, 198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn trusted_hops_all_the_way_lead_to_the_first() {
        assert_eq!(found("127.0.0.1", &["10.0.0.9, 10.0.0.8"]), "10.0.0.9");
        assert_eq!(found("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn other_headers_about_the_client_are_not_read() {
        let trusted = ["127.0.0.0/8".parse().expect("network")];
        let peer = "127.0.0.1".parse().expect("address");
        for (name, value) in [
            ("forwarded", "for=198.51.100.66;proto=https"),
            ("forwarded", "for=\"[2001:db8::66]\""),
            ("x-real-ip", "198.51.100.66"),
            ("true-client-ip", "198.51.100.66"),
            ("x-client-ip", "198.51.100.66"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(name, value.parse().expect("header"));
            assert_eq!(client_address(peer, &headers, &trusted), peer, "{name}");
        }
    }

    #[test]
    fn an_ipv6_client_is_found_as_it_is() {
        assert_eq!(found("127.0.0.1", &["198.51.100.66, 2001:db8::7"]), "2001:db8::7");
        assert_eq!(found("2001:db8::9", &["198.51.100.66"]), "2001:db8::9");
    }

    #[test]
    fn an_ipv4_client_in_ipv6_clothes_is_the_same_client() {
        assert_eq!(found("::ffff:203.0.113.9", &[]), "203.0.113.9");
    }
}
