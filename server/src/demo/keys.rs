//! What the merchant's servers prove themselves with: secrets in every state, and the V1 key.

use backend::{Error, Issue, Language, PasswordProof, Presented, Roll, Shown};
use domain::api_secret::IssueForm;

use super::{changes::because, people::Person, stage::Stage};

/// Issues a secret; `store` is a sub-store's code, or empty.
async fn issue(
    stage: &mut Stage,
    name: &'static str,
    expiry: &str,
    store: &str,
    is_for_payments: bool,
) -> backend::Result<()> {
    let owner = stage.enter(Person::Owner).await?;
    let mut form = IssueForm { name: name.to_owned(), expiry: expiry.to_owned(), ..IssueForm::fresh() };
    if is_for_payments {
        form.channels_read.clear();
        form.channels_write.clear();
    }
    let issue = Issue {
        form,
        store: stage.stores.get(store).copied(),
        request_key: stage.backend.request_key(),
        proof: PasswordProof::Recent,
        language: Language::Korean,
    };
    let issued = once(stage.backend.issue_api_secret(&owner, issue).await?)?;
    stage.secrets.insert(name, issued.secret);
    Ok(())
}

fn once<T>(shown: Shown<T>) -> backend::Result<T> {
    match shown {
        Shown::Once(value) => Ok(value),
        Shown::Before => Err(Error::IdempotencyKeyReused),
    }
}

pub async fn first(stage: &mut Stage) -> backend::Result<()> {
    stage.at(103, 13, 30);
    issue(stage, "결제 서버", "365", "", false).await?;
    stage.at(102, 10, 15);
    issue(stage, "운영 자동화", "365", "", false).await
}

/// It ends in ten days.
pub async fn ending(stage: &mut Stage) -> backend::Result<()> {
    stage.at(80, 16, 0);
    issue(stage, "정산 배치", "90", "", true).await
}

/// It was over a month ago.
pub async fn over(stage: &mut Stage) -> backend::Result<()> {
    stage.at(60, 17, 40);
    issue(stage, "신학기 행사 페이지", "30", "", true).await
}

pub async fn reissued(stage: &mut Stage) -> backend::Result<()> {
    stage.at(46, 17, 0);
    issue(stage, "외주 개발", "180", "", false).await?;
    stage.at(45, 9, 50);
    issue(stage, "강남점 키오스크", "none", "GN1", true).await?;
    stage.at(45, 18, 5);
    let admin = stage.enter(Person::Admin).await?.because(because("퇴사자가 알던 값"));
    stage.backend.reissue_v1_secret(&admin, &stage.backend.request_key(), &stage.password).await.map(|_| ())
}

/// One is revoked, and one has a successor for which the servers have three days.
pub async fn rolled(stage: &mut Stage) -> backend::Result<()> {
    stage.at(2, 17, 0);
    let owner = stage.enter(Person::Owner).await?;
    stage.backend.revoke_api_secret(&owner, &id(stage, "외주 개발")?, Language::Korean).await?;
    stage.pass(300);
    let roll = Roll {
        kid: id(stage, "결제 서버")?,
        overlap: "72".to_owned(),
        request_key: stage.backend.request_key(),
        proof: PasswordProof::Recent,
        language: Language::Korean,
    };
    let successor = once(stage.backend.roll_api_secret(&owner, roll).await?)?;
    stage.secrets.insert("결제 서버", successor.secret);
    Ok(())
}

/// The id part, which stands behind the brand.
fn id(stage: &Stage, name: &str) -> backend::Result<String> {
    let secret = stage.secrets.get(name).ok_or(Error::NotFound)?;
    let (_, rest) = secret.expose().split_once('_').ok_or(Error::NotFound)?;
    rest.get(..12).map(str::to_owned).ok_or(Error::NotFound)
}

/// The servers have changed over; the till in the shop goes on as ever, and somebody still pays by V1.
pub async fn used(stage: &Stage) -> backend::Result<()> {
    stage.ago(150);
    for name in ["결제 서버", "강남점 키오스크"] {
        let secret = stage.secrets.get(name).ok_or(Error::NotFound)?;
        stage.backend.verify_credential(Presented::ApiSecret(secret.expose())).await?;
    }
    let admin = stage.enter(Person::Admin).await?;
    let shown = stage.backend.show_v1_secret(&admin, &stage.backend.request_key(), &stage.password).await?;
    let v1 = once(shown)?;
    stage.pass(40);
    stage.backend.verify_credential(Presented::V1 { key: &v1.key, secret: v1.secret.expose() }).await.map(|_| ())
}
