//! What the merchant moves: drafts and 보완 요청 are submitted, 반려 is begun anew. And 카드사 심사, noted.

use domain::{
    application::{ApplicationError, Consent, Issuer, Mover, Review, Reviewed, Service, State},
    form::{ErrorCode, FormErrors},
    id::ApplicationId,
    member::Permission,
    trail::FieldChange,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::Expr,
};

use super::record::{details_of, from_json, state_of};
use crate::{
    Backend, Language,
    actor::Actor,
    audit::{Action, Entry},
    channels::to_json,
    entity::{application_contracts, application_files, applications},
    error::{Error, Result},
    resolver::Host,
    time_ms,
};

/// What a look-up says of the service that is stored as this.
struct LookedUp {
    stored: String,
    service: Service,
    host: Host,
}

impl Backend {
    /// Submits applications that the merchant has in hand, all or none. 비즈니스 인증 has to be whole.
    pub async fn submit_applications(&self, actor: &Actor, ids: &[ApplicationId], language: Language) -> Result<()> {
        let target = ids.first().map(ToString::to_string).unwrap_or_default();
        self.require(actor, Permission::EditApplication, Action::ApplicationSubmitted, &target).await?;
        if ids.is_empty() {
            return Err(FormErrors::one("contracts", ApplicationError::ChooseOne.into()).into());
        }
        let host = self.look_up_stored(actor).await?;
        let txn = self.db.write().await?;
        let mut rows = Vec::new();
        for id in ids {
            rows.push(self.own_contract_held(&txn, actor.merchant, *id).await?);
        }
        let row = self.begun(&txn, actor.merchant).await?;
        let file = application_files::owned_by(actor.merchant).one(&txn).await?;
        let details = details_of(&row, file, &[])?;
        if !Consent::are_given(&details.consents) {
            return Err(FormErrors::one("contracts", ApplicationError::ConsentNeeded.into()).into());
        }
        if !details.missing().is_empty() {
            return Err(FormErrors::one("contracts", ApplicationError::BusinessIncomplete.into()).into());
        }
        self.note_found(&txn, &row, host).await?;
        for (id, row) in ids.iter().zip(rows) {
            let from = self.move_row(&txn, &row, State::Submitted, Mover::Merchant, "", Some(language)).await?;
            let changes = FieldChange::of_value("state", from.as_str(), State::Submitted.as_str());
            let target = id.to_string();
            let entry = Entry::by(actor, Action::ApplicationSubmitted, &target);
            self.audit(&txn, entry.changing(changes.into_iter().collect())).await?;
            let notice = self.notice_of(&row, State::Submitted, "")?.by(actor);
            self.tell_of_application(&txn, actor.merchant, language, &notice).await?;
        }
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Looks up the host of the service as it is stored now.
    async fn look_up_stored(&self, actor: &Actor) -> Result<Option<LookedUp>> {
        let row = applications::owned_by(actor.merchant).one(self.db.read()).await?;
        let Some(stored) = row.and_then(|row| row.service) else { return Ok(None) };
        let service: Service = from_json(&stored)?;
        let host = self.look_up(actor.merchant, &service.url).await?;
        Ok(Some(LookedUp { stored, service, host }))
    }

    /// Notes when the host was found. Nothing where somebody has saved the step since: it was looked up for that.
    async fn note_found(
        &self,
        txn: &impl ConnectionTrait,
        row: &applications::Model,
        looked_up: Option<LookedUp>,
    ) -> Result<()> {
        let Some(LookedUp { stored, service, host }) = looked_up else { return Ok(()) };
        if row.service.as_ref() != Some(&stored) {
            return Ok(());
        }
        let found_at = host.map_err(|why| FormErrors::one("contracts", why.into()))?;
        if found_at.is_some() {
            let service = Set(Some(to_json(&Service { found_at, ..service })?));
            let merchant_id = Set(row.merchant_id);
            applications::ActiveModel { merchant_id, service, ..Default::default() }.update(txn).await?;
        }
        Ok(())
    }

    /// Takes a rejected application in hand again.
    pub async fn begin_again(&self, actor: &Actor, id: ApplicationId, language: Language) -> Result<()> {
        let target = id.to_string();
        self.require(actor, Permission::EditApplication, Action::ApplicationBegunAgain, &target).await?;
        let txn = self.db.write().await?;
        let row = self.own_contract_held(&txn, actor.merchant, id).await?;
        // Why it was rejected stays in sight until it is submitted again.
        let from = self.move_row(&txn, &row, State::Draft, Mover::Merchant, &row.note, Some(language)).await?;
        let changes = FieldChange::of_value("state", from.as_str(), State::Draft.as_str());
        let entry = Entry::by(actor, Action::ApplicationBegunAgain, &target);
        self.audit(&txn, entry.changing(changes.into_iter().collect())).await?;
        let notice = self.notice_of(&row, State::Draft, "")?.by(actor);
        self.tell_of_application(&txn, actor.merchant, language, &notice).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Notes how far 카드사 심사 is with one issuer; `None` takes the note away.
    pub async fn note_review(
        &self,
        actor: &Actor,
        id: ApplicationId,
        issuer: &str,
        review: Option<Review>,
    ) -> Result<()> {
        let target = id.to_string();
        self.require(actor, Permission::EditApplication, Action::ApplicationReviewNoted, &target).await?;
        let issuer = Issuer::parse(issuer).ok_or_else(|| FormErrors::one("issuer", ErrorCode::NotAChoice))?;
        let txn = self.db.write().await?;
        let row = self.own_contract_held(&txn, actor.merchant, id).await?;
        let changes = self.review_row(&txn, &row, issuer, review).await?;
        if changes.is_empty() {
            return Ok(());
        }
        self.audit(&txn, Entry::by(actor, Action::ApplicationReviewNoted, &target).changing(changes)).await?;
        txn.commit().await
    }

    /// Moves a contract whose state is still what was read; from where.
    pub(super) async fn move_row(
        &self,
        txn: &impl ConnectionTrait,
        row: &application_contracts::Model,
        to: State,
        by: Mover,
        note: &str,
        language: Option<Language>,
    ) -> Result<State> {
        use application_contracts::Column;
        let from = state_of(row)?;
        if !from.may_move(to, by) {
            return Err(Error::WrongStatus);
        }
        let language = language.map_or_else(|| row.language.clone(), |language| language.code().to_owned());
        let now = time_ms(self.clock.now());
        let submitted_at = if to == State::Submitted { Some(now) } else { row.submitted_at };
        let moved = application_contracts::Entity::update_many()
            .col_expr(Column::State, Expr::value(to.as_str()))
            .col_expr(Column::StateAt, Expr::value(now))
            .col_expr(Column::SubmittedAt, Expr::value(submitted_at))
            .col_expr(Column::Note, Expr::value(note))
            .col_expr(Column::Language, Expr::value(language))
            .filter(Column::Id.eq(row.id))
            .filter(Column::State.eq(from.as_str()))
            .exec(txn)
            .await?;
        // Somebody else moved it meanwhile.
        if moved.rows_affected == 1 { Ok(from) } else { Err(Error::WrongStatus) }
    }

    /// Notes an issuer's review on a contract that is done; nothing when it says so already.
    pub(super) async fn review_row(
        &self,
        txn: &impl ConnectionTrait,
        row: &application_contracts::Model,
        issuer: Issuer,
        review: Option<Review>,
    ) -> Result<Vec<FieldChange>> {
        if state_of(row)? != State::Contracted {
            return Err(Error::WrongStatus);
        }
        let mut reviews: Vec<Reviewed> = from_json(&row.reviews)?;
        let before = reviews.iter().find(|one| one.issuer == issuer).map(|one| one.review);
        if before == review {
            return Ok(Vec::new());
        }
        reviews.retain(|one| one.issuer != issuer);
        reviews.extend(review.map(|review| Reviewed { issuer, review, at: time_ms(self.clock.now()) }));
        reviews.sort_by_key(|one| one.issuer);
        let (id, reviews) = (Set(row.id), Set(to_json(&reviews)?));
        application_contracts::ActiveModel { id, reviews, ..Default::default() }.update(txn).await?;
        let word = |review: Option<Review>| review.map_or("", Review::as_str);
        let change = FieldChange::of_value(&format!("reviews.{issuer}"), word(before), word(review));
        Ok(change.into_iter().collect())
    }
}
