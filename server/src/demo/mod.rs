//! `demo`: fills the database with a believable merchant, by the use cases that pages and programs use. Months of history
//! are made in seconds: the backend reads a clock that is moved from scene to scene and ends at now.

mod application;
mod changes;
mod channels;
mod cores;
mod keys;
mod people;
mod stage;

use backend::{
    Error,
    random::{OsRandom, Random},
};
use domain::secret::Typed;

use crate::{config::Config, serve::StartError};
use people::Person;
use stage::Stage;

/// Two merchants cannot share their people's addresses.
const ONCE: &str = "the demo merchant is in this database already; nothing was changed";

/// Makes the merchant and says who can log in.
pub async fn run(config: &Config, password: Option<Typed>) -> Result<(), StartError> {
    let is_given = password.is_some();
    let random: &dyn Random = &OsRandom;
    let password = password.unwrap_or_else(|| Typed::new(random.alphanumeric(20)));
    let mut stage = Stage::open(config, password.clone()).await?;
    for person in Person::ALL {
        if stage.backend.has_address(person.email()).await? {
            return Err(StartError::NotThere(ONCE));
        }
    }
    let code = play(&mut stage).await.map_err(told)?;
    println!("{} ({code}) is in the database: log in at {}/login", people::COMPANY, config.public_url);
    for person in Person::ALL {
        println!("  {:<24}{}", person.email(), person.role().as_str());
    }
    if is_given {
        println!("The password of all five is the one you gave.");
    } else {
        println!("The password of all five, shown this once: {}", password.as_str());
    }
    Ok(())
}

/// Scene after scene, the oldest first; answers with the merchant's imp code.
async fn play(stage: &mut Stage) -> backend::Result<String> {
    people::sign_up(stage).await?;
    channels::add_until(stage, 117).await?;
    people::gather(stage).await?;
    channels::add_until(stage, 113).await?;
    application::first(stage).await?;
    keys::first(stage).await?;
    channels::add_until(stage, 81).await?;
    keys::ending(stage).await?;
    cores::connect(stage).await?;
    channels::add_until(stage, 71).await?;
    changes::spring(stage).await?;
    channels::add_until(stage, 61).await?;
    keys::over(stage).await?;
    channels::add_until(stage, 46).await?;
    keys::reissued(stage).await?;
    changes::summer(stage).await?;
    channels::add_until(stage, 11).await?;
    application::second(stage).await?;
    changes::lately(stage).await?;
    keys::rolled(stage).await?;
    changes::yesterday(stage).await?;
    people::today(stage).await?;
    changes::today(stage).await?;
    keys::used(stage).await?;
    cores::read(stage).await?;
    channels::begin(stage).await?;
    let owner = stage.enter(Person::Owner).await?;
    stage.end().await?;
    Ok(stage.backend.viewer(&owner).await?.imp_code.to_string())
}

/// A scene that does not play is a mistake of ours, or a password that is too easy: said with the fields.
fn told(error: Error) -> StartError {
    match error {
        Error::Form(errors) => {
            let context = app::text::ErrorContext::default();
            let say = |error: &domain::form::FieldError| {
                let words = app::text::error_text(app::text::Lang::En, &error.code, &context);
                format!("{}: {words}", error.field)
            };
            StartError::Refused(errors.0.iter().map(say).collect::<Vec<_>>().join("; "))
        }
        other => other.into(),
    }
}
