//! On Home: where each application stands.

use leptos::prelude::*;

use super::{PgName, StateChip};
use crate::{api::application::load_application, components::When, paths, text::use_application_words};

#[component]
pub fn ApplicationStates() -> impl IntoView {
    let words = use_application_words();
    let found = Resource::new(|| (), |()| load_application());
    let states = move || {
        Suspend::new(async move {
            let found = found.await.ok()?;
            let rows = found
                .contracts
                .into_iter()
                .map(|contract| {
                    let (state, at) = (contract.state, contract.state_at);
                    view! {
                        <li class="application-line">
                            <span class="application-name">
                                <PgName contract=contract />
                            </span>
                            <StateChip state=state />
                            <span class="kv-note"><When at=at /></span>
                        </li>
                    }
                })
                .collect::<Vec<_>>();
            let none = rows.is_empty().then(|| view! { <p>{words.home_none}</p> });
            Some(view! {
                <section class="card stack" aria-labelledby="home-application">
                    <div class="card-head">
                        <h2 id="home-application">{words.title}</h2>
                        <a href=paths::APPLICATION>{words.see}</a>
                    </div>
                    {none}
                    <ul class="application-list">{rows}</ul>
                </section>
            })
        })
    };
    view! { <Transition>{states}</Transition> }
}
