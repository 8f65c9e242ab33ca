//! The store of a channel, on the channel's page.

use domain::id::{ChannelKey, StoreId};
use leptos::{either::Either, prelude::*};

use super::new::store_options;
use crate::{api::stores::AssignChannel, components::SelectField, routes::Account, text::use_words};

/// Which store has the channel, and giving it to another one. Nothing where there is one store only.
#[component]
pub fn StoreOf(
    key: ChannelKey,
    store: StoreId,
    assigned: ServerAction<AssignChannel>,
    may_edit: bool,
) -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let choice = move || {
        Suspend::new(async move {
            let viewer = account.person().await.filter(|viewer| viewer.stores.len() > 1)?;
            let options = store_options(&viewer, words);
            let name = options.iter().find(|(id, _)| *id == store.to_string()).map(|(_, name)| name.clone());
            let body = if may_edit {
                Either::Left(view! {
                    <ActionForm action=assigned attr:class="stack stack--tight">
                        <input type="hidden" name="key" value=key.to_string() />
                        <SelectField
                            id="assign-store"
                            name="store"
                            label=words.store
                            options=options
                            selected=store.to_string()
                            error=Signal::stored(None::<String>)
                        >
                            <p class="field-help">{words.assign_help}</p>
                        </SelectField>
                        <button class="button" type="submit">
                            {words.assign}
                        </button>
                    </ActionForm>
                })
            } else {
                Either::Right(view! { <p>{name}</p> })
            };
            Some(view! {
                <section class="card">
                    <div class="card-head">
                        <h2>{words.store}</h2>
                    </div>
                    {body}
                </section>
            })
        })
    };
    view! { <Transition>{choice}</Transition> }
}
