//! Whatever stands in `X-Forwarded-For`, only a trusted proxy's word changes who the client is.
#![no_main]

use std::net::IpAddr;

use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

#[path = "../../src/layers/forwarded.rs"]
mod forwarded;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let trusted: [IpNet; 2] = ["10.0.0.0/8".parse().expect("a network"), "::1/128".parse().expect("a network")];
    let lines: Vec<&str> = text.split('\n').collect();
    let stranger: IpAddr = [203, 0, 113, 9].into();
    assert_eq!(forwarded::client(stranger, &lines, &trusted), stranger);
    let proxy: IpAddr = [10, 0, 0, 7].into();
    let client = forwarded::client(proxy, &lines, &trusted);
    // It is the proxy itself, or an address that stands there.
    let named = lines.iter().flat_map(|line| line.split(',')).filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    assert!(client == proxy || named.into_iter().any(|hop| hop.to_canonical() == client));
});
