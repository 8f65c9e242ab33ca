use domain::{
    channel::{Mode, Purpose, Status, view::ChannelSummary},
    id::{ProviderId, StoreId},
};
use leptos::prelude::*;

use crate::{
    components::{Mark, ModeChip, PurposeChip, StatusChip},
    paths,
};

/// A channel in the list.
#[component]
pub fn ChannelRow(channel: ChannelSummary, store: Option<StoreId>) -> impl IntoView {
    view! {
        <li>
            <a class="channel-row" href=paths::in_store(&paths::channel(channel.key), store)>
                <RowContent
                    mode=channel.mode
                    purpose=Signal::stored(channel.purpose)
                    provider=channel.provider
                    provider_name=channel.provider_name
                    name=Signal::stored(channel.name)
                    mid=Signal::stored(channel.mid)
                    status=channel.status
                />
            </a>
        </li>
    }
}

/// What a row shows, of a stored channel or of one that is being typed.
#[component]
pub fn RowContent(
    mode: Mode,
    purpose: Signal<Purpose>,
    provider: ProviderId,
    provider_name: String,
    name: Signal<String>,
    mid: Signal<String>,
    status: Status,
) -> impl IntoView {
    view! {
        <span class="channel-chips">
            <ModeChip mode=mode />
            {move || view! { <PurposeChip purpose=purpose.get() /> }}
        </span>
        <span class="channel-name">
            <Mark provider=provider />
            <span class="channel-title">
                <span class="channel-provider">{provider_name}</span>
                " "
                <strong>{name}</strong>
            </span>
        </span>
        <code class="channel-mid">{mid}</code>
        <span class="channel-status">
            <StatusChip status=status />
        </span>
    }
}
