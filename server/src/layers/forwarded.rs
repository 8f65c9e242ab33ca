//! `X-Forwarded-For` taken apart.

use std::net::IpAddr;

use ipnet::IpNet;

/// Each proxy appends the peer it saw, so the list is read from the right for as long as the writer is trusted. What an
/// untrusted peer sends is what it wants us to believe. `lines` are the headers, in their order.
pub fn client(peer: IpAddr, lines: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    let hops: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            // A hop that is no address: whoever wrote it cannot be told.
            Err(_) => break,
        }
    }
    client
}
