//! Text that is sent to keep us busy: long, and of what is dear to compose, to fold or to compare. It is refused at once.

use std::time::{Duration, Instant};

use domain::{
    account::{Email, Password},
    api_secret::SecretName,
    catalogue::Catalogue,
    channel::{ChannelForm, ChannelName, Mid, Mode, Stored, parse},
    search::finds,
    secret::Typed,
    store::{StoreName, TierCode},
    trail::Reason,
};

const LONG: usize = 64 * 1024;
const SOON: Duration = Duration::from_millis(5);

/// 64 KiB of each.
fn texts() -> Vec<String> {
    let pieces = [
        "a",
        " ",
        "가",
        // Composed from parts, and parts that come in the wrong order.
        "\u{1112}\u{1161}\u{11ab}",
        "e\u{301}\u{323}\u{302}",
        "\u{0f71}\u{0f72}\u{0f74}",
        // One letter becomes eighteen.
        "\u{fdfa}",
        "Ｚ",
        // Joined by what nobody sees, turned round, hidden.
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{202e}\u{2066}",
        "\u{3164}",
        "İ",
        "-_ ",
        "@.",
    ];
    let mut texts: Vec<String> = pieces.iter().map(|piece| piece.repeat(LONG / piece.len())).collect();
    // One letter with marks without end.
    texts.push(format!("a{}", "\u{323}\u{301}".repeat(LONG / 4)));
    texts
}

/// The quickest of some: what others do on this machine is not ours.
fn quickest(mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let since = Instant::now();
        work();
        since.elapsed()
    };
    (0..7).map(|_| once(&mut work)).min().expect("some")
}

/// What is typed where, and whether it is refused.
type Typing = (&'static str, fn(&str) -> bool);

#[test]
fn no_text_of_64_kib_keeps_us_busy_for_five_milliseconds() {
    let refused: [Typing; 9] = [
        ("a channel's name", |text| ChannelName::parse(text).is_err()),
        ("a MID", |text| Mid::parse(text).is_err()),
        ("a store's name", |text| StoreName::parse(text).is_err()),
        ("a tier code", |text| TierCode::parse(text).is_err()),
        ("an address", |text| Email::parse(text).is_err()),
        ("a password", |text| Password::parse(&Typed::new(text)).is_err()),
        ("an API secret's name", |text| SecretName::parse(text).is_err()),
        ("a reason", |text| Reason::parse(text).is_err()),
        ("a search", |text| !finds(text, ["KG이니시스", "KSNET"])),
    ];
    for (what, is_refused) in refused {
        for text in texts() {
            let beginning: String = text.chars().take(4).collect();
            let took = quickest(|| assert!(is_refused(&text), "{what}: {beginning:?}…"));
            assert!(took < SOON, "{what}: {beginning:?}… took {took:?}");
        }
    }
}

/// Of a whole form each field is looked at: for as long as there is of it, and no longer.
#[test]
fn a_form_filled_to_the_brim_is_refused_as_soon() {
    let (_, module) = Catalogue::embedded().module("ksnet").expect("a module");
    for text in texts() {
        let form = ChannelForm {
            name: text.clone(),
            purpose: "payment".into(),
            shared_mid: ChannelForm::OWN_MID.into(),
            mid: text.clone(),
            fields: [("api_key".to_owned(), Typed::new(text.clone()))].into(),
            ..ChannelForm::default()
        };
        let beginning: String = text.chars().take(4).collect();
        let took = quickest(|| {
            let refused = parse(&form, Mode::Live, module, &Stored::default(), Catalogue::embedded());
            assert!(refused.is_err(), "{beginning:?}…");
        });
        // Nothing is optimised in a test.
        assert!(took < 5 * SOON, "{beginning:?}… took {took:?}");
    }
}
