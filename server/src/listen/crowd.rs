//! Many connections from one address: each costs whoever opens it next to nothing, and takes a place here.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;

/// How many connections one address has, and how many it may have.
#[derive(Debug, Default)]
pub struct Crowd {
    /// None where nobody is counted.
    most: Option<usize>,
    /// Proxies bring everybody's connections.
    trusted: Vec<IpNet>,
    there: Mutex<HashMap<IpAddr, usize>>,
}

impl Crowd {
    /// At most so many from an address that is not trusted.
    pub fn of_at_most(most: usize, trusted: Vec<IpNet>) -> Self {
        Self { most: Some(most), trusted, there: Mutex::default() }
    }

    /// Lets one more in; nobody where the address has enough of them.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Guest> {
        let peer = peer.to_canonical();
        let Some(most) = self.most.filter(|_| !self.trusted.iter().any(|network| network.contains(&peer))) else {
            return Some(Guest(None));
        };
        let network = network_of(peer);
        let mut there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        let count = there.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Guest(Some((Arc::clone(self), network))))
    }

    fn leave(&self, network: IpAddr) {
        let mut there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = there.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                there.remove(&network);
            }
        }
    }
}

/// Of IPv6 the whole network: whoever has one has all its addresses.
fn network_of(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(peer) => Ipv6Addr::from_bits(peer.to_bits() >> 64 << 64).into(),
    }
}

/// A connection that was let in, counted while it lives.
#[derive(Debug)]
pub(super) struct Guest(Option<(Arc<Crowd>, IpAddr)>);

impl Drop for Guest {
    fn drop(&mut self) {
        if let Some((crowd, network)) = self.0.take() {
            crowd.leave(network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd() -> Arc<Crowd> {
        Arc::new(Crowd::of_at_most(2, vec!["10.0.0.0/8".parse().expect("a network")]))
    }

    fn at(address: &str) -> IpAddr {
        address.parse().expect("an address")
    }

    #[test]
    fn an_address_with_enough_connections_gets_another_when_one_is_over() {
        let crowd = crowd();
        let (one, _two) = (crowd.admit(at("192.0.2.1")).expect("let in"), crowd.admit(at("::ffff:192.0.2.1")));
        assert!(crowd.admit(at("192.0.2.1")).is_none());
        assert!(crowd.admit(at("192.0.2.2")).is_some(), "another is not held up");
        drop(one);
        assert!(crowd.admit(at("192.0.2.1")).is_some());
    }

    #[test]
    fn one_ipv6_network_is_one_address_and_nobody_who_left_is_remembered() {
        let crowd = crowd();
        let guests = ["2001:db8::1", "2001:db8::2"].map(|one| crowd.admit(at(one)).expect("let in"));
        assert!(crowd.admit(at("2001:db8::3")).is_none() && crowd.admit(at("2001:db8:0:1::3")).is_some());
        drop(guests);
        assert!(crowd.there.lock().expect("whole").is_empty());
    }

    #[test]
    fn a_proxy_brings_as_many_as_come() {
        let crowd = crowd();
        let guests: Vec<_> = (0..100).map(|_| crowd.admit(at("10.1.2.3"))).collect();
        assert!(guests.iter().all(Option::is_some) && crowd.there.lock().expect("whole").is_empty());
    }
}
