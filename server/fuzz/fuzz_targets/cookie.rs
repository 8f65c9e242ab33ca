//! Cookies are what a browser sends; everybody can send anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../app/src/api/cookies.rs"]
mod cookies;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for name in ["lang", "theme", "typed", "sid", ""] {
        if let Some(value) = cookies::find(text.split('\n'), name) {
            assert!(!value.contains(';') && text.contains(value));
        }
    }
    if let Some((flags, typed)) = cookies::unpacked(&text) {
        let again = cookies::packed(flags, &typed);
        assert_eq!(cookies::unpacked(&again), Some((flags, typed)));
    }
});
