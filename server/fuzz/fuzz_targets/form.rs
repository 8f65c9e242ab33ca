//! Forms are taken apart as server functions do it, then parsed: values or errors, whatever was sent.
#![no_main]

use domain::{
    account::{LoginForm, SignUp, SignUpForm},
    api_secret::IssueForm,
    catalogue::Catalogue,
    channel::{ChannelForm, ChannelName, Mid, Mode, Stored, cleaned, parse},
    credential::{Brand, parse_token},
    own_account::{ChangeEmail, ChangeEmailForm, ChangePassword, ChangePasswordForm},
    store::{NewStore, StoreForm},
    team::{Invite, InviteForm, Standing},
};
use libfuzzer_sys::fuzz_target;

fn decoded<T: serde::de::DeserializeOwned>(data: &[u8]) -> Option<T> {
    serde_qs::Config::new(5, false).deserialize_bytes(data).ok()
}

fuzz_target!(|data: &[u8]| {
    let catalogue = Catalogue::embedded();
    if let Some(form) = decoded::<ChannelForm>(data) {
        let which = data.len() % catalogue.modules().count();
        if let Some((_, module)) = catalogue.modules().nth(which) {
            for mode in [Mode::Test, Mode::Live] {
                let _ = parse(&form, mode, module, &Stored::default(), catalogue);
            }
            let _ = cleaned(&form, module);
        }
    }
    let _ = decoded::<SignUpForm>(data).map(SignUp::try_from);
    let _ = decoded::<LoginForm>(data);
    let _ = decoded::<ChangePasswordForm>(data).map(ChangePassword::try_from);
    let _ = decoded::<ChangeEmailForm>(data).map(ChangeEmail::try_from);
    let _ = decoded::<InviteForm>(data).map(Invite::try_from);
    let _ = decoded::<StoreForm>(data).map(NewStore::try_from);
    let _ = decoded::<IssueForm>(data);
    let text = String::from_utf8_lossy(data);
    if let Ok(name) = ChannelName::parse(&text) {
        // What was accepted is accepted again, and is the same.
        assert_eq!(ChannelName::parse(name.as_str()).expect("a name").as_str(), name.as_str());
    }
    let _ = Mid::parse(&text);
    let _ = domain::request_check::read(&text);
    let _ = Standing::parse(&text, &text);
    let _ = parse_token(Brand::V2Secret, &text, crc32fast::hash);
});
