//! What became of the channels: edited, moved, paused, rolled back, deleted, and why.

use backend::{Actor, Change, Error, Presented};
use domain::{
    catalogue::Module,
    channel::{ChannelForm, history::RollBackForm},
    id::ChannelKey,
    secret::Typed,
    trail::Reason,
};

use super::{channels::value_of, people::Person, stage::Stage};

/// When, who, and why.
struct Scene(i64, u8, Person, &'static str);

impl Scene {
    async fn begin(&self, stage: &Stage) -> backend::Result<Actor> {
        let Self(days_ago, hour, person, why) = self;
        stage.at(*days_ago, *hour, 20);
        Ok(stage.enter(*person).await?.because(because(why)))
    }
}

pub fn because(why: &str) -> Reason {
    Reason::parse(why).unwrap_or_default()
}

fn key_of(stage: &Stage, name: &str) -> backend::Result<ChannelKey> {
    stage.channels.get(name).copied().ok_or(Error::NotFound)
}

/// Saves a channel's form as it is, but for what `change` does to it.
async fn edit(
    stage: &Stage,
    actor: &Actor,
    name: &str,
    change: impl FnOnce(&mut ChannelForm, &Module),
) -> backend::Result<()> {
    let key = key_of(stage, name)?;
    let detail = stage.backend.channel(actor, key).await?;
    let (_, module) = stage.backend.catalogue().module(detail.summary.module.as_str()).ok_or(Error::NotFound)?;
    let mut form = detail.form(module);
    change(&mut form, module);
    stage.pass(95);
    stage.backend.edit_channel(actor, key, Change { seen_version: detail.version, form }).await.map(|_| ())
}

/// Another value for a secret.
fn new_key(field: &'static str) -> impl FnOnce(&mut ChannelForm, &Module) {
    move |form, module| {
        if let Some(field) = module.fields.iter().find(|one| one.key.as_str() == field) {
            form.fields.insert(field.key.to_string(), Typed::new(value_of(field, 0)));
        }
    }
}

fn tax(word: &'static str) -> impl FnOnce(&mut ChannelForm, &Module) {
    move |form, _| word.clone_into(&mut form.tax)
}

fn named(name: &'static str) -> impl FnOnce(&mut ChannelForm, &Module) {
    move |form, _| name.clone_into(&mut form.name)
}

async fn assign(stage: &Stage, actor: &Actor, name: &str, store: &str) -> backend::Result<()> {
    stage.pass(60);
    let store = stage.stores.get(store).ok_or(Error::NotFound)?.to_string();
    stage.backend.assign_channel(actor, key_of(stage, name)?, &store).await
}

pub async fn spring(stage: &Stage) -> backend::Result<()> {
    let dev = Scene(70, 15, Person::Dev, "세무 법인에서 과세설정을 확인해 달라고 함").begin(stage).await?;
    edit(stage, &dev, "KSNET 실연동", tax("taxable")).await?;
    let admin = Scene(69, 11, Person::Admin, "매장별로 정산하기로 함").begin(stage).await?;
    assign(stage, &admin, "스마트로 실연동", "GN1").await?;
    assign(stage, &admin, "나이스 실연동", "MG2").await?;
    assign(stage, &admin, "카카오페이 실연동", "GN1").await?;
    let owner = Scene(68, 17, Person::Owner, "V2로 옮겨서 더 쓰지 않음").begin(stage).await?;
    stage.backend.pause_channel(&owner, key_of(stage, "이니시스 V1 결제창")?).await.map(|_| ())
}

/// A key that was replaced, went wrong, and was taken back.
pub async fn summer(stage: &Stage) -> backend::Result<()> {
    let dev = Scene(44, 10, Person::Dev, "KSNET에서 새 apiKey를 메일로 받음").begin(stage).await?;
    edit(stage, &dev, "KSNET 실연동", new_key("api_key")).await?;
    let admin = Scene(44, 13, Person::Admin, "새 키로 승인이 실패해서 되돌림").begin(stage).await?;
    let key = key_of(stage, "KSNET 실연동")?;
    let seen_version = stage.backend.channel(&admin, key).await?.version;
    stage.pass(30);
    let form = RollBackForm { to: seen_version - 1, seen_version, ..RollBackForm::default() };
    stage.backend.roll_back(&admin, key, &form).await?;
    let dev = Scene(42, 16, Person::Dev, "다시 발급받은 키").begin(stage).await?;
    edit(stage, &dev, "KSNET 실연동", new_key("api_key")).await?;
    edit(stage, &dev, "이니시스 정기구독 실연동", new_key("inilite_key")).await
}

pub async fn lately(stage: &Stage) -> backend::Result<()> {
    let admin = Scene(9, 9, Person::Admin, "헥토 정기 점검 02시부터 06시").begin(stage).await?;
    stage.backend.pause_channel(&admin, key_of(stage, "헥토 실연동")?).await?;
    let admin = Scene(8, 9, Person::Admin, "점검 끝").begin(stage).await?;
    stage.backend.resume_channel(&admin, key_of(stage, "헥토 실연동")?).await?;
    let dev = Scene(6, 14, Person::Dev, "확인이 끝난 구모듈").begin(stage).await?;
    stage.backend.delete_channel(&dev, key_of(stage, "스마트로 구모듈 확인")?).await?;
    let dev = Scene(5, 18, Person::Dev, "행사가 끝날 때까지").begin(stage).await?;
    stage.backend.pause_channel(&dev, key_of(stage, "갤럭시아 상품권 테스트")?).await?;
    // A channel that somebody deleted and wanted back.
    let dev = Scene(4, 10, Person::Dev, "").begin(stage).await?;
    stage.backend.delete_channel(&dev, key_of(stage, "페이팔 테스트")?).await?;
    stage.pass(1_200);
    stage.backend.restore_channel(&dev, key_of(stage, "페이팔 테스트")?).await?;
    by_server(stage).await?;
    let owner = Scene(2, 11, Person::Owner, "네이버페이 계약이 끝나 감").begin(stage).await?;
    stage.backend.pause_channel(&owner, key_of(stage, "네이버페이 실연동")?).await.map(|_| ())
}

pub async fn yesterday(stage: &Stage) -> backend::Result<()> {
    let dev = Scene(1, 15, Person::Dev, "매장에서 부르는 이름으로").begin(stage).await?;
    edit(stage, &dev, "스마트로 실연동", named("스마트로 강남점")).await?;
    let key = key_of(stage, "스마트로 실연동")?;
    let field = "cancel_password".parse().map_err(|_| Error::NotFound)?;
    stage.backend.compare_secret(&dev, key, &field, &Typed::new("000000")).await.map(|_| ())
}

pub async fn today(stage: &Stage) -> backend::Result<()> {
    stage.ago(200);
    let dev = stage.enter(Person::Dev).await?.because(because("채널 이름을 정리함"));
    edit(stage, &dev, "KSNET 실연동", named("KSNET 카드 실연동")).await
}

/// The merchant's own program replaces a key by the management API.
async fn by_server(stage: &Stage) -> backend::Result<()> {
    stage.at(3, 4, 0);
    let secret = stage.secrets.get("운영 자동화").ok_or(Error::NotFound)?;
    let actor = stage.backend.api_actor(Presented::ApiSecret(secret.expose()), Person::Dev.address()).await?;
    edit(stage, &actor.because(because("분기마다 하는 키 교체")), "토스페이먼츠 실연동", new_key("secret_key")).await
}
