//! Wrong passwords in a row. After five each waits, longer every time; after ten half an hour; a hundred are the last,
//! until the owner of the mailbox chooses another password.
//!
//! Whoever guesses at an account from devices that it does not know shares one counter, so that guessing from a thousand
//! addresses is no faster. A device that has logged in before has a counter of its own: nobody can lock an owner out of
//! the browser at hand. Addresses without an account are counted alike.

use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Statement, Value};
use uuid::Uuid;

use super::too_many;
use crate::{
    Backend,
    db::{Write, beginning},
    entity::rate_counters::{Column, Entity},
    error::{Error, Result},
    time_ms,
};

const OF_ACCOUNT: &str = "guesses_of_account";
const OF_DEVICE: &str = "guesses_of_device";
const OF_MEMBER: &str = "guesses_of_member";
pub(super) const NAMES: [&str; 3] = [OF_ACCOUNT, OF_DEVICE, OF_MEMBER];

/// The last guess that is compared at all.
const LAST: i32 = 100;

/// A guess is counted before it is compared: of many at once no more are compared than may be. `window_at` is when the
/// next may come; who comes earlier changes nothing and gets no row.
const GUESS: &str = "
    INSERT INTO rate_counters AS c (name, subject, window_at, count) VALUES ($1, $2, $3, 1)
    ON CONFLICT (name, subject) DO UPDATE SET
        count = c.count + 1,
        window_at = excluded.window_at + CASE c.count + 1
            WHEN 1 THEN 0 WHEN 2 THEN 0 WHEN 3 THEN 0 WHEN 4 THEN 0
            WHEN 5 THEN 1000 WHEN 6 THEN 2000 WHEN 7 THEN 4000 WHEN 8 THEN 8000 WHEN 9 THEN 16000
            ELSE 1800000 END
    WHERE $5 OR (c.window_at <= $3 AND c.count < $4)
    RETURNING count";

/// Who guesses, and at what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guesser {
    name: &'static str,
    subject: String,
}

impl Guesser {
    /// Anybody, at the account of an address.
    pub fn at(account: &str) -> Self {
        Self { name: OF_ACCOUNT, subject: account.to_owned() }
    }

    /// A device that has logged in there before.
    pub fn known(account: &str, device: &str) -> Self {
        Self { name: OF_DEVICE, subject: format!("{account} {device}") }
    }

    /// Whoever sits at the browser of a member who is logged in.
    pub fn of(member: Uuid) -> Self {
        Self { name: OF_MEMBER, subject: member.to_string() }
    }
}

impl Backend {
    /// Takes a guess before it is compared, or says how long to wait.
    pub(crate) async fn take_guess(&self, txn: &Write, guesser: &Guesser) -> Result<()> {
        if self.count_guess(txn, guesser, false).await? {
            return Ok(());
        }
        self.require_guess(txn, guesser).await?;
        // Whoever it waited for was right meanwhile.
        Err(too_many(std::time::Duration::ZERO))
    }

    /// Counts a guess that was compared and wrong.
    pub(crate) async fn guessed_wrong(&self, txn: &Write, guesser: &Guesser) -> Result<()> {
        self.count_guess(txn, guesser, true).await.map(drop)
    }

    /// Refuses who has to wait, and counts nothing.
    pub(crate) async fn require_guess(&self, db: &impl ConnectionTrait, guesser: &Guesser) -> Result<()> {
        let now = time_ms(self.clock.now());
        let id = (guesser.name.to_owned(), guesser.subject.clone());
        let refused = match Entity::find_by_id(id).one(db).await? {
            Some(row) if row.count >= LAST => Err(Error::LockedOut),
            Some(row) if row.window_at > now => {
                Err(too_many(std::time::Duration::from_millis((row.window_at - now).unsigned_abs())))
            }
            _ => Ok(()),
        };
        self.limits.hits.counted(guesser.name, refused)
    }

    /// Counts one more; `in_any_case`, or only if the time for it has come. Whether it did.
    async fn count_guess(&self, txn: &Write, guesser: &Guesser, in_any_case: bool) -> Result<bool> {
        let now = time_ms(self.clock.now());
        let subject = guesser.subject.as_str();
        let values: [Value; 5] = [guesser.name.into(), subject.into(), now.into(), LAST.into(), in_any_case.into()];
        let statement = Statement::from_sql_and_values(txn.get_database_backend(), GUESS, values);
        Ok(txn.query_one_raw(statement).await?.is_some())
    }

    /// The guess was right: what came before is forgotten.
    pub(crate) async fn guessed_right(&self, txn: &impl ConnectionTrait, guesser: &Guesser) -> Result<()> {
        Entity::delete_by_id((guesser.name.to_owned(), guesser.subject.clone())).exec(txn).await?;
        Ok(())
    }

    /// The owner of the mailbox has spoken: every guess at the account is forgotten.
    pub(crate) async fn forget_guesses(&self, txn: &impl ConnectionTrait, account: &str, member: Uuid) -> Result<()> {
        for guesser in [Guesser::at(account), Guesser::of(member)] {
            Entity::delete_by_id((guesser.name.to_owned(), guesser.subject)).exec(txn).await?;
        }
        Entity::delete_many()
            .filter(Column::Name.eq(OF_DEVICE))
            .filter(Column::Subject.like(beginning(&format!("{account} "))))
            .exec(txn)
            .await?;
        Ok(())
    }
}
