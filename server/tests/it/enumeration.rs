//! Whoever asks with an address learns nothing of it: with an account, with one that is not confirmed, and without, the
//! answers are the same to the byte.

use axum::{body::Body, http::header};
use backend::{
    Caller, Language,
    mail::{Mailer, mailbox},
};
use domain::{account::SignUpForm, secret::Typed};

use crate::support::{Console, PASSWORD, a_console_told, form, in_one_order, text_of};

/// Of one length, so that no header tells by its own.
const KNOWN: &str = "known-01@example.com";
const UNCONFIRMED: &str = "wait-001@example.com";
const STRANGER: &str = "nobody-1@example.com";
const BAD_MAIL_SERVER: &str = "smtp://127.0.0.1:9";

/// An answer without what is new in every answer, and without the address that was asked with.
async fn answer(console: &Console, (path, body, accept): (&str, &str, &str), email: &str, client: u32) -> String {
    let body = body.replace("EMAIL", &email.replace('@', "%40"));
    let mut request = form(path, &body).body(Body::from(body)).expect("a request");
    let client = std::net::Ipv4Addr::from_bits(0xC612_0001 + client).to_string();
    request.headers_mut().insert("x-forwarded-for", client.parse().expect("a header"));
    request.headers_mut().insert(header::ACCEPT, accept.parse().expect("a header"));
    let response = console.ask(request).await;
    let mut told: Vec<String> = response
        .headers()
        .iter()
        .filter(|(name, _)| *name != header::DATE)
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    told.sort();
    let location = response.headers().get(header::LOCATION).map(|to| to.to_str().expect("text").to_owned());
    let (status, text) = text_of(response).await;
    let page = match location {
        None => String::new(),
        Some(path) => {
            let (status, text) = text_of(console.open(&path).await).await;
            format!("{status} {}", without_nonces(&text))
        }
    };
    let hex = email.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let whole = format!("{status}\n{}\n{text}\n{page}", told.join("\n"));
    whole.replace(&hex, "EMAIL").replace(email, "EMAIL").replace(&email.replace('@', "%40"), "EMAIL")
}

/// Every page has a nonce of its own.
fn without_nonces(page: &str) -> String {
    let nonce = page.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
    in_one_order(&nonce.map_or_else(|| page.to_owned(), |nonce| page.replace(nonce, "NONCE")))
}

async fn an_unconfirmed_sign_up(console: &Console) {
    let form = SignUpForm {
        email: UNCONFIRMED.to_owned(),
        password: Typed::new(PASSWORD),
        password_again: Typed::new(PASSWORD),
        terms: "on".to_owned(),
        privacy: "on".to_owned(),
        marketing: String::new(),
    };
    let caller = Caller { address: [10, 9, 9, 9].into(), language: Language::Korean };
    console.backend.sign_up(form, caller).await.expect("signed up");
}

async fn is_the_same_for_everybody(console: &Console, smtp: Option<&str>) {
    let sign_up = format!(
        "form[email]=EMAIL&form[password]={PASSWORD}&form[password_again]={PASSWORD}&form[terms]=on&form[privacy]=on"
    );
    let rows = [
        ("/api/accounts/log-in", "form[email]=EMAIL&form[password]=not+this+one&next="),
        ("/api/account/forgot-password", "email=EMAIL"),
        ("/api/accounts/resend", "email=EMAIL"),
        // Last: it makes a stranger somebody who waits for a mail.
        ("/api/accounts/sign-up", &sign_up),
    ];
    let mut client = 0;
    for (path, body) in rows {
        for accept in ["text/html", "application/json"] {
            // Again and again, beyond every limit that an address has; one address after the other, since some limits
            // are over in a second.
            let mut answers = Vec::new();
            for email in [KNOWN, UNCONFIRMED, STRANGER] {
                let mut of_one = Vec::new();
                for _ in 0..7 {
                    client += 1;
                    of_one.push(answer(console, (path, body, accept), email, client).await);
                }
                answers.push(of_one);
            }
            for (time, stranger) in answers[2].iter().enumerate() {
                assert_eq!(answers[0].get(time), Some(stranger), "{path} {accept}, time {time}");
                assert_eq!(answers[1].get(time), Some(stranger), "{path} {accept}, time {time}");
            }
            if let Some(smtp) = smtp {
                let from = mailbox("console@example.com").expect("an address");
                let _ = console.backend.deliver_mails(&Mailer::smtp(smtp).expect("a mailer"), &from).await;
            }
        }
    }
}

#[tokio::test]
async fn an_address_is_answered_the_same_with_an_account_without_one_and_before_it_is_confirmed() {
    let console = a_console_told(&[("trusted_proxies", "127.0.0.1")]).await;
    console.a_member(KNOWN).await;
    an_unconfirmed_sign_up(&console).await;
    is_the_same_for_everybody(&console, None).await;
}

#[tokio::test]
async fn the_same_while_no_mail_can_be_sent() {
    let console = a_console_told(&[("trusted_proxies", "127.0.0.1"), ("smtp_url", BAD_MAIL_SERVER)]).await;
    console.a_member(KNOWN).await;
    an_unconfirmed_sign_up(&console).await;
    is_the_same_for_everybody(&console, Some(BAD_MAIL_SERVER)).await;
}
