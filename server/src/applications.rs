//! `application list | show | move | review | account | file`: what the service's operator does at the machine.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use app::text::{Lang, error_text};
use backend::{Backend, Error, Operated, Operator};
use domain::{
    application::{Issuer, Review, State, view::ContractSummary},
    id::ApplicationId,
};

use crate::{serve::StartError, utc::utc_ms};

/// What of applications the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum ApplicationCommand {
    List { state: Option<State> },
    Show { id: ApplicationId },
    Move { id: ApplicationId, to: State, note: String },
    Review { id: ApplicationId, issuer: Issuer, review: Option<Review> },
    Account { id: ApplicationId },
    File { id: ApplicationId, path: PathBuf },
}

pub const HELP: &str = "channel-console application list [--state STATE]
                                                applications that merchants submitted; states: submitted,
                                                in_review, changes_requested, contracted, rejected
channel-console application show ID             one, with what was entered
channel-console application move ID STATE [--note TEXT]
                                                move it; the note goes to Owners and Admins, and is needed for
                                                changes_requested and rejected
channel-console application review ID ISSUER pending|approved|rejected|none
                                                note a card issuer's review, by the issuer's code (366)
channel-console application account ID          the account number; the merchant's trail tells that it was read
channel-console application file ID PATH        the registration certificate, likewise, into a new file";

impl ApplicationCommand {
    /// Reads what stands behind `application`.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let id =
            |text: &str| text.parse::<ApplicationId>().map_err(|_| format!("{text:?} is not like application-<uuid>"));
        let state = |text: &str| State::parse(text).ok_or_else(|| format!("{text:?} is no state\n{HELP}"));
        match words {
            ["list"] => Ok(Self::List { state: None }),
            // A draft is the merchant's own affair.
            ["list", "--state", "draft"] => Err(format!("drafts are not listed\n{HELP}")),
            ["list", "--state", word] => Ok(Self::List { state: Some(state(word)?) }),
            ["show", one] => Ok(Self::Show { id: id(one)? }),
            ["move", one, to] => Ok(Self::Move { id: id(one)?, to: state(to)?, note: String::new() }),
            ["move", one, to, "--note", note] => {
                Ok(Self::Move { id: id(one)?, to: state(to)?, note: (*note).to_owned() })
            }
            ["review", one, issuer, review] => {
                let issuer = Issuer::parse(issuer).ok_or_else(|| format!("{issuer:?} is no issuer's code"))?;
                let known = Review::parse(review);
                if known.is_none() && *review != "none" {
                    return Err(format!("{review:?} is no state of a review\n{HELP}"));
                }
                Ok(Self::Review { id: id(one)?, issuer, review: known })
            }
            ["account", one] => Ok(Self::Account { id: id(one)? }),
            ["file", one, path] => Ok(Self::File { id: id(one)?, path: path.into() }),
            _ => Err(format!("usage:\n{HELP}")),
        }
    }
}

pub async fn run(backend: &Backend, command: ApplicationCommand) -> Result<(), StartError> {
    let operator = Operator::Machine;
    match command {
        ApplicationCommand::List { state } => list(backend, state).await,
        ApplicationCommand::Show { id } => {
            show(&backend.operated_application(operator, id).await.map_err(told)?);
            Ok(())
        }
        ApplicationCommand::Move { id, to, note } => {
            backend.move_application(operator, id, to, &note).await.map_err(told)?;
            println!("{id} is {to}; Owners and Admins are told");
            Ok(())
        }
        ApplicationCommand::Review { id, issuer, review } => {
            backend.review_application(operator, id, issuer, review).await.map_err(told)?;
            println!("{id}: noted");
            Ok(())
        }
        ApplicationCommand::Account { id } => {
            println!("{}", backend.disclose_account(id).await.map_err(told)?.expose());
            Ok(())
        }
        ApplicationCommand::File { id, path } => file(backend, id, &path).await,
    }
}

async fn list(backend: &Backend, state: Option<State>) -> Result<(), StartError> {
    let mut page = 1;
    loop {
        let found = backend.operated_applications(Operator::Machine, state, page).await?;
        if found.items.is_empty() {
            println!("no applications");
        }
        for (imp_code, contract) in &found.items {
            let ContractSummary { id, state, module, provider, state_at, .. } = contract;
            println!("{id}  {state}  since={}  merchant={imp_code}  pg={provider}  module={module}", utc_ms(*state_at));
        }
        if found.page >= found.pages {
            return Ok(());
        }
        page += 1;
    }
}

fn show(found: &Operated) {
    let Operated { imp_code, contract, details } = found;
    println!("{}  {}  since={}", contract.id, contract.state, utc_ms(contract.state_at));
    if found.is_changed() {
        println!("changed since it was submitted, at {}", utc_ms(details.changed_at));
    }
    println!("merchant: {imp_code}");
    println!("pg: {} ({}), module: {}", contract.provider_name, contract.provider, contract.module);
    if let Some(chosen) = &contract.details {
        println!("ways: {}", chosen.choice.styles.join(", "));
        for (style, methods) in &chosen.choice.methods {
            println!("methods, {style}: {}", methods.join(", "));
        }
        for one in &chosen.reviews {
            println!("review of issuer {}: {} since {}", one.issuer, one.review, utc_ms(one.at));
        }
        println!("note: {}", chosen.note);
    }
    if let Some(it) = &details.business {
        println!("business: {} {} {:?}", it.kind, it.number.printed(), it.company);
        println!("representative: {:?}, sector: {:?}, trade: {:?}", it.representative, it.sector, it.trade);
        println!("address: {:?}", it.address);
    }
    if let Some(it) = &details.service {
        println!("service: {}, host {}", it.url.as_str(), host_told(it.found_at));
        println!("contact: {:?} {} {}", it.contact.name, it.contact.email, it.contact.phone);
    }
    let number = if details.number_set_at.is_some() { "stored; see: application account ID" } else { "none" };
    println!("bank: {:?}, account number: {number}", details.bank.as_deref().unwrap_or_default());
    if let Some(file) = &details.file {
        println!("file: {:?}, {}, {} bytes; see: application file ID PATH", file.name, file.media, file.bytes);
    }
    for one in &details.consents {
        println!("consent: {} {} {}", one.consent, one.version, utc_ms(one.at));
    }
}

/// Whether the name was looked up. The service was not opened: that is for whoever reviews it.
fn host_told(found_at: Option<i64>) -> String {
    found_at.map_or_else(|| "not looked up: no resolver answered".to_owned(), |at| format!("found at {}", utc_ms(at)))
}

async fn file(backend: &Backend, id: ApplicationId, path: &Path) -> Result<(), StartError> {
    // Nothing is overwritten. It is noted as read before it is written: it was, whatever becomes of the file.
    let failed = |error: io::Error| StartError::Refused(format!("{} cannot be written: {error}", path.display()));
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    let file = match backend.disclose_file(id).await {
        Ok(file) => file,
        Err(error) => {
            let _ = std::fs::remove_file(path);
            return Err(told(error));
        }
    };
    if let Err(error) = out.write_all(&file.bytes).and_then(|()| out.sync_all()) {
        // Half a certificate is nobody's, and would stand in the way of the next try.
        let _ = std::fs::remove_file(path);
        return Err(failed(error));
    }
    println!("{} ({})", path.display(), file.media);
    Ok(())
}

fn told(error: Error) -> StartError {
    match error {
        Error::NotFound => StartError::NotThere("there is no such application, or nothing of the kind in it"),
        Error::WrongStatus => StartError::NotThere("there is no such move from the state that it is in"),
        Error::Form(errors) => {
            let context = app::text::ErrorContext::default();
            let first = errors.0.first().map(|error| error_text(Lang::En, &error.code, &context));
            StartError::Refused(first.unwrap_or_default())
        }
        other => other.into(),
    }
}
