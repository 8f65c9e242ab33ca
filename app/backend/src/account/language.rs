//! The language that a member chose.

use domain::trail::FieldChange;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};

use crate::{
    Backend, Language, SignedIn,
    actor::Actor,
    audit::{Action, Entry},
    entity::members,
    error::{Error, Result},
};

impl Backend {
    /// Keeps the language with the account, so that the next login has it, wherever that is.
    pub async fn choose_language(&self, actor: &Actor, language: Language) -> Result<()> {
        let (_, email) = actor.person()?;
        let txn = self.db.write().await?;
        let row = members::Entity::find_by_id(actor.member).one(&txn).await?.ok_or(Error::NotFound)?;
        let before = row.language.unwrap_or_default();
        if before == language.code() {
            return Ok(());
        }
        let (id, language) = (Set(row.id), language.code());
        members::ActiveModel { id, language: Set(Some(language.to_owned())), ..Default::default() }
            .update(&txn)
            .await?;
        let changes = FieldChange::of_value("language", &before, language).into_iter().collect();
        self.audit(&txn, Entry::by(actor, Action::LanguageChosen, email).changing(changes)).await?;
        txn.commit().await
    }

    /// What somebody who has just logged in chose before.
    pub async fn chosen_language(&self, who: SignedIn) -> Result<Option<Language>> {
        let row = members::Entity::find_by_id(who.member).one(self.db.read()).await?;
        Ok(row.and_then(|row| row.language).map(|code| Language::of_code(&code)))
    }
}

/// The language of a mail to a member: their own, or that of whoever makes it be sent.
pub(crate) fn language_for(member: &members::Model, otherwise: Language) -> Language {
    member.language.as_deref().map_or(otherwise, Language::of_code)
}
