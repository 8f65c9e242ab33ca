//! A payment core that follows: it reads the live channels and confirms what it has.

use backend::Error;
use domain::channel::Mode;

use super::{channels::PLANS, stage::Stage};

/// The token is made and forgotten: whoever wants to read makes one of their own.
pub async fn connect(stage: &mut Stage) -> backend::Result<()> {
    stage.at(80, 16, 30);
    let made = stage.backend.create_core_token("결제 코어").await?;
    stage.core = Some(stage.backend.core_caller(made.token.expose()).await?);
    Ok(())
}

/// The readings of a day, and how far each of two nodes is.
pub async fn read(stage: &Stage) -> backend::Result<()> {
    let core = stage.core.as_ref().ok_or(Error::Unauthenticated)?;
    for (minutes_ago, node) in
        [(140, "seoul-1"), (139, "seoul-2"), (130, "seoul-1"), (125, "seoul-1"), (121, "seoul-2")]
    {
        stage.ago(minutes_ago);
        let core = core.clone().called(node).ok_or(Error::NotFound)?;
        for plan in PLANS.iter().filter(|plan| plan.mode == Mode::Live) {
            if let Some(key) = stage.channels.get(plan.name) {
                stage.backend.core_channel(&core, *key, None).await?;
            }
        }
        let last = stage.backend.vitals().await?.feed_seq;
        let acked = stage.backend.ack(&core, node, last).await?;
        acked.map_err(|refused| Error::Internal(format!("a core's word: {refused:?}")))?;
    }
    stage.backend.write_secret_reads().await
}
