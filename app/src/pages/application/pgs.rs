//! 결제대행사 추가: a PG, one of its modules, and what of it. The URL says how far one is.

use domain::catalogue::{Category, Module, ModuleStatus};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{Back, StateChip, choose::ChoiceForModule};
use crate::{
    api::{
        application::{Offers, Taken, load_choice, load_offers},
        channels::ProviderChoice,
    },
    components::{Mark, ModuleChips},
    pages::console::{PageError, PageHead},
    paths,
    text::{category_text, module_status_text, use_application_words, use_lang},
};

#[component]
pub fn NewPgPage() -> impl IntoView {
    let words = use_application_words();
    let query = use_query_map();
    let part = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let module = Memo::new(move |_| part("module"));
    view! {
        <Back />
        <PageHead title=words.add_pg lead=words.pgs_none_text />
        {move || {
            let module = module.get();
            if module.is_empty() {
                Either::Left(view! { <First /> })
            } else {
                Either::Right(view! { <Second module=module /> })
            }
        }}
    }
}

/// The PG and its module, by links.
#[component]
fn First() -> impl IntoView {
    let words = use_application_words();
    let query = use_query_map();
    let provider = Memo::new(move |_| query.with(|query| query.get("provider").unwrap_or_default()));
    let offers = Resource::new(move || provider.get(), load_offers);
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match offers.await {
                    Ok(Offers { providers, modules, taken }) => {
                        let modules = (!modules.is_empty())
                            .then(|| {
                                let links = modules
                                    .into_iter()
                                    .map(|module| {
                                        let taken = taken.iter().find(|taken| taken.module == module.id).cloned();
                                        view! { <ModuleLink module=module taken=taken /> }
                                    })
                                    .collect_view();
                                view! {
                                    <section class="card stack" aria-labelledby="choose-module">
                                        <h2 id="choose-module">{words.choose_module}</h2>
                                        <ul class="choices application-links">{links}</ul>
                                    </section>
                                }
                            });
                        Either::Left(
                            view! {
                                {modules}
                                <Providers providers=providers chosen=provider.get() />
                            },
                        )
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn ModuleLink(module: Module, taken: Option<Taken>) -> impl IntoView {
    let lang = use_lang();
    let status = (module.status != ModuleStatus::Active).then(|| module_status_text(lang, module.status));
    // What is under way is looked at where it stands.
    let href = match &taken {
        Some(taken) => paths::contract(taken.contract),
        None => paths::application_module(module.id.as_str()),
    };
    let body = view! {
        <span class="choice-body">
            <ModuleChips module=module />
            {status.map(|text| view! { <span class="choice-note">{text}</span> })}
        </span>
    };
    view! {
        <li>
            <a class="choice" href=href>
                {body} {taken.map(|taken| view! { <StateChip state=taken.state /> })}
            </a>
        </li>
    }
}

#[component]
fn Providers(providers: Vec<ProviderChoice>, chosen: String) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let groups = [Category::PaymentGateway, Category::DirectWallet, Category::Overseas, Category::Identity]
        .into_iter()
        .map(|category| {
            let links = providers
                .iter()
                .filter(|choice| choice.category == category)
                .map(|choice| {
                    let is_chosen = choice.id.as_str() == chosen;
                    view! {
                        <li>
                            <a
                                class="choice"
                                href=paths::application_provider(choice.id.as_str())
                                aria-current=is_chosen.then_some("true")
                            >
                                <span class="choice-body">
                                    <Mark provider=choice.id.clone() />
                                    <span>{choice.name.clone()}</span>
                                </span>
                            </a>
                        </li>
                    }
                })
                .collect::<Vec<_>>();
            (!links.is_empty()).then(|| {
                view! {
                    <h3>{category_text(lang, category)}</h3>
                    <ul class="choices choices--grid application-links">{links}</ul>
                }
            })
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="choose-pg">
            <h2 id="choose-pg">{words.choose_pg}</h2>
            {groups}
        </section>
    }
}

/// What of the module.
#[component]
fn Second(module: String) -> impl IntoView {
    let query = use_query_map();
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let page = Resource::new(move || module.clone(), move |module| load_choice(module, is_draft));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => Either::Left(view! { <ChoiceForModule page=page /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}
