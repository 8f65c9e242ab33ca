//! The wall against names that are not ours: a name of somebody else's that leads here (DNS rebinding, a proxy that takes
//! every name) gets nothing. Links are never built from what a request says; this keeps it so for whatever comes later.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::config::Config;

/// The names that this console goes by.
#[derive(Debug)]
pub struct Hosts {
    public: String,
    listener: IpAddr,
}

impl Hosts {
    pub fn of(config: &Config) -> Self {
        let authority = config.public_url.split("://").nth(1).and_then(|text| text.parse::<Authority>().ok());
        Self {
            public: authority.map(|authority| authority.host().to_owned()).unwrap_or_default(),
            listener: config.addr.ip(),
        }
    }

    /// A name is the public one or this machine's. An address is no name that could have been bent: it is ours where we
    /// listen on it. The port is not looked at, since a proxy may or may not write its own.
    fn include(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else { return false };
        let host = authority.host();
        if authority.as_str().contains('@') || host.is_empty() {
            return false;
        }
        if host.eq_ignore_ascii_case(&self.public) || host.eq_ignore_ascii_case("localhost") {
            return true;
        }
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| {
            let address = address.to_canonical();
            address.is_loopback() || address == self.listener || self.listener.is_unspecified()
        })
    }
}

/// Refuses a request for another host. One that names none (HTTP/1.0, a plain health check) was sent by no browser.
pub async fn require(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let header = named.next().map(|value| value.to_str().is_ok_and(|text| hosts.include(text)));
    let in_target = request.uri().authority().map(|authority| hosts.include(authority.as_str()));
    if named.next().is_some() || header == Some(false) || in_target == Some(false) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(public: &str, listener: &str) -> Hosts {
        Hosts { public: public.to_owned(), listener: listener.parse().expect("an address") }
    }

    #[test]
    fn the_public_name_and_this_machine_are_ours() {
        let hosts = hosts("console.example", "10.0.0.7");
        let ours =
            ["console.example", "Console.Example:8443", "localhost:3000", "127.0.0.1", "[::1]:3000", "10.0.0.7:80"];
        for host in ours {
            assert!(hosts.include(host), "{host}");
        }
    }

    #[test]
    fn no_other_name_and_no_other_address_is() {
        let hosts = hosts("console.example", "10.0.0.7");
        for host in [
            "evil.example",
            "console.example.evil.example",
            "console.example.",
            "evil.example:443",
            "10.0.0.8",
            "console.example@evil.example",
            "evil@console.example",
            "",
            ":80",
            "console.example/evil",
            "127.0.0.1.evil.example",
        ] {
            assert!(!hosts.include(host), "{host}");
        }
    }

    #[test]
    fn whoever_listens_on_every_address_goes_by_every_address_but_by_no_name() {
        let hosts = hosts("console.example", "0.0.0.0");
        assert!(hosts.include("203.0.113.9:3000") && !hosts.include("evil.example"));
    }
}
