//! Where scenarios about credentials start.

use backend::{Actor, Issue, Issued, Language, PasswordProof, Roll, Shown};
use domain::{api_secret::IssueForm, secret::Typed};
use uuid::Uuid;

use crate::support::{Bench, PASSWORD};

pub fn asked_for(name: &str, request_key: &str) -> Issue {
    Issue {
        form: IssueForm { name: name.to_owned(), ..IssueForm::fresh() },
        store: None,
        request_key: request_key.to_owned(),
        proof: PasswordProof::Recent,
        language: Language::Korean,
    }
}

pub fn rolling(kid: &str, overlap: &str) -> Roll {
    Roll {
        kid: kid.to_owned(),
        overlap: overlap.to_owned(),
        request_key: format!("roll-{kid}-{overlap}"),
        proof: PasswordProof::Recent,
        language: Language::Korean,
    }
}

pub fn my_password() -> Typed {
    Typed::new(PASSWORD)
}

/// What was shown, which nothing had shown before.
pub fn shown<T>(answer: backend::Result<Shown<T>>) -> T {
    match answer.unwrap() {
        Shown::Once(value) => value,
        Shown::Before => panic!("it was shown before"),
    }
}

pub fn was_shown_before<T>(answer: backend::Result<Shown<T>>) -> bool {
    matches!(answer.unwrap(), Shown::Before)
}

impl Bench {
    pub async fn issue(&self, actor: &Actor, name: &str) -> Issued {
        let key = self.backend.request_key();
        shown(self.backend.issue_api_secret(actor, asked_for(name, &key)).await)
    }

    pub async fn issue_for(&self, actor: &Actor, name: &str, expiry: &str) -> Issued {
        let mut issue = asked_for(name, &self.backend.request_key());
        expiry.clone_into(&mut issue.form.expiry);
        shown(self.backend.issue_api_secret(actor, issue).await)
    }

    /// The same person in another role.
    pub async fn in_role(&self, email: &str, role: &str) -> Actor {
        self.sql(&format!("UPDATE members SET role = '{role}' WHERE email = '{email}'")).await;
        self.actor_of(email).await
    }

    /// A sub-store, as far as a credential needs one.
    pub async fn a_sub_store(&self, merchant: Uuid, store: Uuid) {
        let id =
            |id: Uuid| if self.backend.db().is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
        let no = if self.backend.db().is_sqlite() { "0" } else { "FALSE" };
        let (store, merchant) = (id(store), id(merchant));
        let columns = "INSERT INTO stores (id, merchant_id, is_primary, name, created_at)";
        self.sql(&format!("{columns} VALUES ({store}, {merchant}, {no}, '하위', 0)")).await;
    }
}
