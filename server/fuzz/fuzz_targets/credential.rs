//! Whatever somebody shows as a credential is taken apart or refused; what is taken apart has a check sum that is right.
#![no_main]

use domain::credential::{Brand, alphanumeric, base62, format_token, kid_of_v1_key, parse_token, v1_key_of_kid};
use libfuzzer_sys::fuzz_target;

const BRANDS: [Brand; 5] =
    [Brand::CoreToken, Brand::V2Secret, Brand::V1Access, Brand::V2Access, Brand::V2Refresh];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for brand in BRANDS {
        if let Some(token) = parse_token(brand, &text, crc32fast::hash) {
            assert_eq!(token.kid.len(), 12);
            let (signed, check) = text.split_at(text.len() - 6);
            assert_eq!(base62(&crc32fast::hash(signed.as_bytes()).to_be_bytes(), 6), check);
        }
        // One that we made, with one character changed, is never ours.
        if let (Some(secret), Some(kid)) = (data.first_chunk::<32>(), alphanumeric(data, 12)) {
            let made = format_token(brand, &kid, secret, crc32fast::hash);
            assert_eq!(parse_token(brand, &made, crc32fast::hash).map(|token| token.kid), Some(kid.as_str()));
            let at = usize::from(data[0]) % made.len();
            let mut changed = made.clone().into_bytes();
            changed[at] = if data[1] == changed[at] { b'!' } else { data[1] };
            if let Ok(changed) = String::from_utf8(changed) {
                assert_eq!(parse_token(brand, &changed, crc32fast::hash), None, "{changed}");
            }
        }
    }
    if let Some(key) = v1_key_of_kid(&text) {
        assert!(kid_of_v1_key(&key).is_some_and(|kid| v1_key_of_kid(&kid) == Some(key)));
    }
    let _ = kid_of_v1_key(&text);
});
