//! What is sealed opens in its place, with its key, and nowhere else.

use super::{blob::NONCE, *};
use crate::random::OsRandom;

fn place() -> Place<'static> {
    Place { kind: "channel", owner: Uuid::from_u128(1), object: Uuid::from_u128(2), version: 3 }
}

fn vault() -> Vault {
    Vault::new(KeyRing::generate(&OsRandom))
}

fn sealed(vault: &Vault) -> SealedSet {
    let (key, password) = (Secret::new("sign-key-value"), Secret::new("123456"));
    vault.seal(&OsRandom, place(), [("sign_key", &key), ("cancel_password", &password)]).expect("seals")
}

fn refused(vault: &Vault, place: Place<'_>, set: &SealedSet) -> bool {
    matches!(vault.open(place, set), Err(Error::Sealed))
}

#[test]
fn what_was_sealed_opens_in_its_place() {
    let vault = vault();
    let open = vault.open(place(), &sealed(&vault)).expect("opens");
    assert_eq!(open["cancel_password"].expose(), "123456");
}

#[test]
fn a_set_does_not_open_in_another_place() {
    let vault = vault();
    let set = sealed(&vault);
    for moved in [
        Place { kind: "draft", ..place() },
        Place { owner: Uuid::from_u128(9), ..place() },
        Place { object: Uuid::from_u128(9), ..place() },
        Place { version: 2, ..place() },
    ] {
        assert!(refused(&vault, moved, &set), "{moved:?}");
    }
}

#[test]
fn swapped_fields_do_not_open() {
    let vault = vault();
    let mut set = sealed(&vault);
    let (a, b) = (set.values["sign_key"].clone(), set.values["cancel_password"].clone());
    set.values = BTreeMap::from([("sign_key".to_owned(), b), ("cancel_password".to_owned(), a)]);
    assert!(refused(&vault, place(), &set));
}

#[test]
fn no_flipped_bit_and_no_cut_opens() {
    let vault = vault();
    let set = sealed(&vault);
    let blob = set.values["sign_key"].clone();
    for position in 0..blob.len() {
        for bit in 0..8 {
            let mut wrong = set.clone();
            wrong.values.get_mut("sign_key").expect("there")[position] ^= 1 << bit;
            assert!(refused(&vault, place(), &wrong), "byte {position} bit {bit}");
        }
        let mut cut = set.clone();
        cut.values.insert("sign_key".to_owned(), blob[..position].to_vec());
        assert!(refused(&vault, place(), &cut), "cut at {position}");
    }
}

#[test]
fn another_ring_opens_nothing() {
    assert!(refused(&vault(), place(), &sealed(&vault())));
}

#[test]
fn short_values_have_one_length() {
    let vault = vault();
    let lengths = |text: &str| {
        let value = Secret::new(text);
        vault.seal(&OsRandom, place(), [("f", &value)]).expect("seals").values["f"].len()
    };
    assert_eq!(lengths("1"), lengths(&"x".repeat(60)));
    assert!(lengths(&"x".repeat(61)) > lengths("1"));
}

#[test]
fn the_same_value_never_seals_to_the_same_bytes() {
    let vault = vault();
    assert_ne!(sealed(&vault).values["sign_key"], sealed(&vault).values["sign_key"]);
}

#[test]
fn one_value_travels_with_its_wrapped_key() {
    let vault = vault();
    let blob = vault.seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
    assert_eq!(vault.open_one(place(), &blob).expect("opens").expose(), "token");
    assert!(vault.open_one(place(), &blob[..blob.len() - 1]).is_err());
    assert!(vault.open_one(place(), &[blob.as_slice(), b"x"].concat()).is_err());
}

/// `make torture` asks for a million.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
fn seals() -> usize {
    std::env::var("CONSOLE_TEST_SEALS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000)
}

#[test]
fn no_nonce_and_no_ciphertext_comes_twice() {
    let (vault, value) = (vault(), Secret::new("123456"));
    let (mut nonces, mut wraps) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    for _ in 0..seals() {
        let set = vault.seal(&OsRandom, place(), [("f", &value)]).expect("seals");
        let nonce = |blob: &[u8]| <[u8; NONCE]>::try_from(&blob[1..=NONCE]).expect("a nonce");
        assert!(nonces.insert(nonce(&set.values["f"])) && nonces.insert(nonce(&set.wrapped_key)));
        assert!(wraps.insert(set.wrapped_key) && wraps.insert(set.values["f"].clone()));
    }
}

#[test]
fn no_flipped_bit_and_no_cut_of_a_wrapped_key_or_of_one_blob_opens() {
    let vault = vault();
    let set = sealed(&vault);
    let blob = vault.seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
    let opaque = |opened: Result<()>| matches!(opened, Err(Error::Sealed));
    let with_key =
        |wrapped: Vec<u8>| opaque(vault.open(place(), &SealedSet { wrapped_key: wrapped, ..set.clone() }).map(|_| ()));
    let one = |blob: &[u8]| opaque(vault.open_one(place(), blob).map(|_| ()));
    let mut tried = 0;
    for (bytes, refused) in
        [(&set.wrapped_key, &with_key as &dyn Fn(Vec<u8>) -> bool), (&blob, &|blob: Vec<u8>| one(&blob))]
    {
        for position in 0..bytes.len() {
            for bit in 0..8 {
                let mut wrong = bytes.clone();
                wrong[position] ^= 1 << bit;
                assert!(refused(wrong), "byte {position} bit {bit}");
            }
            assert!(refused(bytes[..position].to_vec()), "cut at {position}");
            tried += 9;
        }
    }
    assert!(tried > 1_500, "{tried}");
}

#[test]
fn no_blob_opens_in_the_place_of_another() {
    let vault = vault();
    let kinds = ["channel", "draft", "v1-secret", "mail", "key-check"];
    let mut places = Vec::new();
    for kind in kinds {
        for owner in 0..2 {
            for object in 0..3 {
                for version in 0..3 {
                    let (owner, object) = (Uuid::from_u128(owner), Uuid::from_u128(object));
                    places.push(Place { kind, owner, object, version });
                }
            }
        }
    }
    let value = Secret::new("token");
    let blobs: Vec<_> = places.iter().map(|at| vault.seal_one(&OsRandom, *at, &value).expect("seals")).collect();
    for (from, blob) in blobs.iter().enumerate() {
        for (to, place) in places.iter().enumerate() {
            assert_eq!(vault.open_one(*place, blob).is_ok(), from == to, "{:?} in {place:?}", places[from]);
        }
    }
    // Parts of one in another: the data key of one place with the value of the other.
    let [id, key, _] = parts(&blobs[0]).expect("parts");
    let [_, _, value] = parts(&blobs[1]).expect("parts");
    assert!(vault.open_one(places[0], &join([id, key, value])).is_err());
    assert!(vault.open_one(places[1], &join([id, key, value])).is_err());
}

#[test]
fn a_data_key_that_is_wrapped_anew_opens_the_same_values() {
    let mut ring = KeyRing::generate(&OsRandom);
    let old = Vault::new(ring.clone());
    let set = sealed(&old);
    let blob = old.seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
    ring.begin_rotation(&OsRandom);
    ring.activate_next();
    let new = Vault::new(ring.clone());
    let (key_id, wrapped_key) = new.rewrap(&OsRandom, place(), &set.key_id, &set.wrapped_key).expect("wraps");
    let moved = SealedSet { key_id, wrapped_key, ..set.clone() };
    assert_eq!(new.open(place(), &moved).expect("opens"), old.open(place(), &set).expect("opens"));
    let moved_blob = new.rewrap_one(&OsRandom, place(), &blob).expect("wraps");
    assert_eq!(key_of(&moved_blob), Some(ring.active_id()));
    ring.keep_checks(&set.key_id, &MacPurpose::CHECKED);
    let without = Vault::new(ring);
    assert!(without.open(place(), &moved).is_ok() && without.open_one(place(), &moved_blob).is_ok());
    assert!(refused(&without, place(), &set), "the old wrapping opens no more");
    assert!(refused(&old, place(), &moved), "nor the new one with the old ring");
}

#[test]
fn a_keyed_hash_is_of_its_purpose_its_key_and_its_parts() {
    let vault = vault();
    let id = vault.active_key_id();
    let mac = |purpose, parts: &[&[u8]]| vault.mac(&id, purpose, parts).expect("a hash");
    let one = mac(MacPurpose::Audit, &[b"ab", b"c"]);
    assert_eq!(one, mac(MacPurpose::Audit, &[b"ab", b"c"]));
    assert_ne!(one, mac(MacPurpose::Audit, &[b"a", b"bc"]), "borders count");
    assert_ne!(one, mac(MacPurpose::Device, &[b"ab", b"c"]), "the purpose counts");
    assert!(vault.mac_matches(&id, MacPurpose::Audit, &[b"ab", b"c"], &one).expect("compared"));
    assert!(!vault.mac_matches(&id, MacPurpose::Audit, &[b"ab", b"c"], &one[..31]).expect("compared"));
    assert!(!vault.mac_matches(&id, MacPurpose::ApiSecret, &[b"ab", b"c"], &one).expect("compared"));
    assert!(matches!(vault.mac("k-nobody", MacPurpose::Audit, &[]), Err(Error::Sealed)));
    let purposes = [
        MacPurpose::CoreToken,
        MacPurpose::ApiSecret,
        MacPurpose::AccessToken,
        MacPurpose::Audit,
        MacPurpose::Fingerprint,
        MacPurpose::Idempotency,
        MacPurpose::SecretRead,
        MacPurpose::Device,
        MacPurpose::DraftTicket,
    ];
    let different: std::collections::BTreeSet<_> = purposes.iter().map(|purpose| mac(*purpose, &[b"x"])).collect();
    assert_eq!(different.len(), purposes.len());
}

#[test]
fn hashes_are_made_by_every_key_the_active_one_first() {
    let mut ring = KeyRing::generate(&OsRandom);
    let first = ring.active_id().to_owned();
    let before = Vault::new(ring.clone()).macs(MacPurpose::Audit, &[b"x"]).expect("hashes");
    let second = ring.begin_rotation(&OsRandom).to_owned();
    ring.activate_next();
    for removed in [false, true] {
        if removed {
            ring.keep_checks(&first, &MacPurpose::CHECKED);
        }
        let vault = Vault::new(ring.clone());
        let both = std::collections::BTreeSet::from([first.clone(), second.clone()]);
        assert_eq!(vault.key_ids().into_iter().collect::<std::collections::BTreeSet<_>>(), both);
        let macs = vault.macs(MacPurpose::Audit, &[b"x"]).expect("hashes");
        assert_eq!(macs, [vault.mac(&second, MacPurpose::Audit, &[b"x"]).expect("a hash"), before[0]]);
    }
}

#[test]
fn another_process_that_rotates_is_followed_and_another_ring_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keyring");
    let ring = KeyRing::generate(&OsRandom);
    ring.write(&path).expect("written");
    let vault = Vault::new(KeyRing::read(&path).expect("read"));
    assert!(!vault.refresh().expect("looked"), "nothing is new");
    let mut later = KeyRing::read(&path).expect("read");
    let next = later.begin_rotation(&OsRandom).to_owned();
    later.activate_next();
    later.replace(&path).expect("replaced");
    // What the other sealed opens here, though nobody has said that there is a key.
    let blob = Vault::new(later).seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
    assert_eq!(vault.open_one(place(), &blob).expect("opens").expose(), "token");
    assert_eq!((vault.active_key_id(), vault.ring().active_id()), (next.clone(), next.as_str()));
    KeyRing::generate(&OsRandom).replace(&path).expect("replaced");
    assert!(
        matches!(vault.refresh(), Err(KeyRingError::Another { path: named }) if named == path.display().to_string())
    );
    assert_eq!(vault.active_key_id(), next, "the one before is kept");
}

#[test]
fn a_file_opens_with_its_key_in_its_place() {
    let content = b"%PDF-1.7 of any length";
    let (key, sealed) = seal_file(&OsRandom, place(), content).expect("seals");
    assert_eq!(open_file(place(), &key, &sealed).expect("opens"), content);
    assert!(open_file(Place { version: 4, ..place() }, &key, &sealed).is_err());
    assert!(open_file(place(), &Secret::new("not a key"), &sealed).is_err());
    assert!(!sealed.windows(8).any(|window| content.starts_with(window)));
}

#[test]
fn nothing_of_a_vault_is_shown_and_a_blob_tells_the_key_it_hangs_on() {
    let vault = vault();
    assert_eq!(format!("{vault:?}"), "Vault");
    let blob = vault.seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
    assert_eq!(key_of(&blob), Some(vault.active_key_id().as_str()));
    assert_eq!((key_of(b""), key_of(&blob[..9])), (None, None));
}
