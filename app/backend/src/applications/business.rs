//! 비즈니스 인증, saved step by step.

use domain::{
    application::{Business, BusinessForm, Part, Service, ServiceUrl, Settlement, Step, Stored},
    form::FormErrors,
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};

use super::record::{details_of, from_json, number_place};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    channels::to_json,
    entity::applications,
    error::{Error, Result},
    resolver::Host,
    time_ms,
};

impl Backend {
    /// Saves one step. A blank account number keeps the stored one.
    pub async fn save_application_step(&self, actor: &Actor, step: Step, form: &BusinessForm) -> Result<()> {
        self.save_application_step_over(actor, step, form, None).await
    }

    /// The same for a page that showed what has the mark `seen`: [`Error::Stale`] when somebody has saved another since.
    pub async fn save_application_step_over(
        &self,
        actor: &Actor,
        step: Step,
        form: &BusinessForm,
        seen: Option<i64>,
    ) -> Result<()> {
        let target = step.as_str();
        self.require(actor, Permission::EditApplication, Action::ApplicationEdited, target).await?;
        // Before the transaction: nobody who writes waits for a name.
        let found = if step == Step::Service { self.look_up_typed(actor, &form.url).await? } else { Ok(None) };
        let now = time_ms(self.clock.now());
        let txn = self.db.write().await?;
        let row = self.held(&txn, actor.merchant).await?;
        self.require_unlocked(&txn, actor.merchant, "step").await?;
        let stored = details_of(&row, None, &[])?.mark(step);
        if seen.is_some_and(|seen| seen != stored) {
            return Err(Error::Stale);
        }
        let part = form.parse(step, Stored { number: row.sealed_number.is_some() });
        let (part, found_at) = with_host(part, found)?;
        let mut row_now =
            applications::ActiveModel { merchant_id: Set(row.merchant_id), updated_at: Set(now), ..Default::default() };
        let changes = match part {
            Part::Business(after) => {
                let before: Option<Business> = row.business.as_deref().map(from_json).transpose()?;
                row_now.business = Set(Some(to_json(&after)?));
                business_changes(before.as_ref(), &after)
            }
            Part::Service(after) => {
                let before: Option<Service> = row.service.as_deref().map(from_json).transpose()?;
                // An address that was found once is not lost because nobody answers today.
                let known = before.as_ref().filter(|before| before.url == after.url).and_then(|before| before.found_at);
                let after = Service { found_at: found_at.or(known), ..after };
                row_now.service = Set(Some(to_json(&after)?));
                service_changes(before.as_ref(), &after)
            }
            Part::Settlement(Settlement { bank, number }) => {
                let mut changes = value_change("bank", row.bank.as_deref(), &bank);
                if let Some(number) = number {
                    let revision = row.number_revision + 1;
                    let place = number_place(row.merchant_id, revision);
                    row_now.sealed_number = Set(Some(self.vault.seal_one(&*self.random, place, number.secret())?));
                    row_now.number_revision = Set(revision);
                    row_now.number_set_at = Set(Some(now));
                    let before = row.sealed_number.is_some().then_some(HIDDEN);
                    changes.push(FieldChange::new("account_number", before, Some(HIDDEN)));
                }
                row_now.bank = Set(Some(bank));
                changes
            }
        };
        row_now.update(&txn).await?;
        self.audit(&txn, Entry::by(actor, Action::ApplicationEdited, target).changing(changes)).await?;
        txn.commit().await
    }

    /// Looks up the host of what was typed; what is no address is told by the form.
    async fn look_up_typed(&self, actor: &Actor, typed: &str) -> Result<Host> {
        match ServiceUrl::parse(typed) {
            Ok(url) => self.look_up(actor.merchant, &url).await,
            Err(_) => Ok(Ok(None)),
        }
    }
}

/// What is wrong with the host stands with what is wrong with the rest, in the order of the fields: the URL is the first.
fn with_host(
    part: std::result::Result<Part, FormErrors>,
    found: Host,
) -> std::result::Result<(Part, Option<i64>), FormErrors> {
    match (part, found) {
        (part, Ok(found_at)) => Ok((part?, found_at)),
        (part, Err(why)) => {
            let mut errors = FormErrors::one("url", why.into());
            errors.complete_with(part.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// What is about a person, or is no business of whoever reads the trail: that it is set, not what it is.
const HIDDEN: Trace = Trace::Secret { fingerprint: None };

fn value_change(field: &str, before: Option<&str>, after: &str) -> Vec<FieldChange> {
    let is_other = before != Some(after);
    let change = FieldChange::new(field, before.map(Trace::value), Some(Trace::value(after)));
    is_other.then_some(change).into_iter().collect()
}

fn hidden_change(field: &str, before: Option<&str>, after: &str) -> Vec<FieldChange> {
    let is_other = before != Some(after);
    let change = FieldChange::new(field, before.map(|_| HIDDEN), Some(HIDDEN));
    is_other.then_some(change).into_iter().collect()
}

fn business_changes(before: Option<&Business>, after: &Business) -> Vec<FieldChange> {
    let was = |part: fn(&Business) -> &str| before.map(part);
    let printed = before.map(|before| before.number.printed());
    [
        value_change("kind", was(|it| it.kind.as_str()), after.kind.as_str()),
        value_change("number", printed.as_deref(), &after.number.printed()),
        value_change("company", was(|it| &it.company), &after.company),
        hidden_change("representative", was(|it| &it.representative), &after.representative),
        value_change("sector", was(|it| &it.sector), &after.sector),
        value_change("trade", was(|it| &it.trade), &after.trade),
        hidden_change("address", was(|it| &it.address), &after.address),
    ]
    .concat()
}

fn service_changes(before: Option<&Service>, after: &Service) -> Vec<FieldChange> {
    let was = |part: fn(&Service) -> &str| before.map(part);
    [
        value_change("url", was(|it| it.url.as_str()), after.url.as_str()),
        hidden_change("contact_name", was(|it| &it.contact.name), &after.contact.name),
        hidden_change("contact_email", was(|it| &it.contact.email), &after.contact.email),
        hidden_change("contact_phone", was(|it| &it.contact.phone), &after.contact.phone),
    ]
    .concat()
}
