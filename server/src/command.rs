//! The command line.

use std::path::PathBuf;

use backend::CoreGrant;
use domain::{credential::CoreScope, secret::Typed};

use crate::applications::ApplicationCommand;

pub const HELP: &str = "channel-console [serve]                         serve people and payment cores (default)
channel-console migrate                         bring the database up to date
channel-console verify                          check the audit trails and open every sealed secret
channel-console backup PATH                     copy the database while consoles serve; the key ring is not in it
channel-console rotate-key                      another key for everything, while consoles serve; goes on if cut short
channel-console rotate-key --status             keys of the ring, and what hangs on each
channel-console rotate-key --remove ID          remove a key that seals nothing any more
channel-console core-token create --name NAME [--scope SCOPE]… [--store STORE-ID]…
                                                make a payment core's token; shown once. Scopes: channels:read,
                                                credentials:verify (both if not said), and for the service's
                                                operator applications:operate; all stores if none is said
channel-console core-token list                 tokens of payment cores
channel-console core-token revoke ID            end one, by the 12 characters after core_
channel-console application list|show|move|review|account|file
                                                전자결제 신청, for the service's operator; without more words it
                                                tells how
channel-console demo [--password PASSWORD]      a made-up merchant with people, channels, keys and months of history, to
                                                try the console with; without a password one is made and shown once
channel-console help";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Serve,
    Migrate,
    Verify,
    Backup { path: PathBuf },
    RotateKey,
    RemoveKey { key: String },
    KeyStatus,
    CoreTokenCreate(CoreGrant),
    CoreTokenList,
    CoreTokenRevoke { kid: String },
    Application(ApplicationCommand),
    Demo { password: Option<Typed> },
    Help,
}

impl Command {
    /// Reads the arguments after the program's name; what is not understood is answered with the usage.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let arguments: Vec<String> = arguments.into_iter().collect();
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | ["serve"] => Ok(Self::Serve),
            ["migrate"] => Ok(Self::Migrate),
            ["verify"] => Ok(Self::Verify),
            ["backup", path] => Ok(Self::Backup { path: path.into() }),
            ["backup", ..] => Err(format!("usage: channel-console backup PATH\n{HELP}")),
            ["rotate-key"] => Ok(Self::RotateKey),
            ["rotate-key", "--status"] => Ok(Self::KeyStatus),
            ["rotate-key", "--remove", key] => Ok(Self::RemoveKey { key: (*key).to_owned() }),
            ["rotate-key", ..] => Err(format!("usage: channel-console rotate-key [--status | --remove ID]\n{HELP}")),
            ["demo"] => Ok(Self::Demo { password: None }),
            ["demo", "--password", password] => Ok(Self::Demo { password: Some(Typed::new(*password)) }),
            ["demo", ..] => Err(format!("usage: channel-console demo [--password PASSWORD]\n{HELP}")),
            ["help" | "--help" | "-h"] => Ok(Self::Help),
            ["core-token", "create", options @ ..] => core_grant(options).map(Self::CoreTokenCreate),
            ["core-token", "list"] => Ok(Self::CoreTokenList),
            ["core-token", "revoke", kid] if kid.len() == 12 => Ok(Self::CoreTokenRevoke { kid: (*kid).to_owned() }),
            ["core-token", ..] => Err(format!("usage: channel-console core-token create | list | revoke\n{HELP}")),
            ["application", rest @ ..] => ApplicationCommand::parse(rest).map(Self::Application),
            [unknown, ..] => Err(format!("unknown command {unknown:?}\n{HELP}")),
        }
    }
}

fn scopes() -> String {
    CoreScope::ALL.map(CoreScope::as_str).join(", ")
}

/// `--name NAME [--scope SCOPE]… [--store STORE-ID]…`
fn core_grant(options: &[&str]) -> Result<CoreGrant, String> {
    let mut grant = CoreGrant { name: String::new(), scopes: Vec::new(), stores: Vec::new() };
    let (pairs, rest) = options.as_chunks::<2>();
    if let [lonely] = rest {
        return Err(format!("{lonely} needs a value"));
    }
    for [option, value] in pairs {
        match *option {
            "--name" if !value.trim().is_empty() && value.len() <= 80 => (*value).clone_into(&mut grant.name),
            "--name" => return Err("--name takes 1 to 80 characters".into()),
            "--scope" => {
                let scope = CoreScope::parse(value);
                let scope = scope.ok_or_else(|| format!("{value:?} is no scope: {}", scopes()))?;
                grant.scopes.push(scope);
            }
            "--store" => {
                let store = value.parse().map_err(|_| format!("{value:?} is not like store-<uuid>"))?;
                grant.stores.push(store);
            }
            unknown => return Err(format!("unknown option {unknown:?}\n{HELP}")),
        }
    }
    if grant.name.is_empty() {
        return Err("--name is needed: what the payment core is called".into());
    }
    if grant.scopes.is_empty() {
        grant.scopes = CoreScope::PAYMENT_CORE.to_vec();
    }
    grant.scopes.sort_unstable();
    grant.scopes.dedup();
    Ok(grant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_token_is_limited_by_words_of_the_command_line() {
        let parse = |words: &str| Command::parse(words.split(' ').map(str::to_owned));
        let store = "store-00000000-0000-0000-0000-000000000007";
        let all = CoreGrant::everything("seoul");
        assert_eq!(parse("core-token create --name seoul"), Ok(Command::CoreTokenCreate(all.clone())));
        let limited = CoreGrant {
            scopes: vec![CoreScope::ChannelsRead],
            stores: vec![store.parse().expect("a store id")],
            ..all
        };
        let words = format!("core-token create --store {store} --scope channels:read --name seoul");
        assert_eq!(parse(&words), Ok(Command::CoreTokenCreate(limited)));
        for wrong in ["", " --name", " --name x --scope all", " --name x --store store-1", " --name x --nmae y"] {
            assert!(parse(&format!("core-token create{wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_command_is_answered_with_the_usage() {
        assert_eq!(Command::parse([]), Ok(Command::Serve));
        assert!(Command::parse(["dance".to_owned()]).is_err_and(|usage| usage.contains("core-token create")));
        assert!(Command::parse(["core-token".to_owned()]).is_err());
    }
}
