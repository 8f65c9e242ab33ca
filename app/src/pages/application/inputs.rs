//! The inputs of each step of 비즈니스 인증.

use domain::{
    application::{BusinessForm, BusinessKind, view::FileView},
    form::FormErrors,
};
use leptos::prelude::*;

use crate::{
    api::AppError,
    components::{Banner, ErrorBanner, FieldMessage, Required, TextField, Tone, When},
    pages::auth::field_error,
    paths,
    text::{ErrorContext, business_kind_text, error_text, step_text, use_application_words, use_lang, use_words},
};

type Failed = Signal<Option<AppError>>;

#[component]
pub fn BusinessInputs(form: BusinessForm, failed: Failed) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let kind_error = field_error(failed, "kind");
    let radios = BusinessKind::ALL
        .iter()
        .map(|kind| {
            view! {
                <label>
                    <input type="radio" name="form[kind]" value=kind.as_str() checked=form.kind == kind.as_str() />
                    {business_kind_text(lang, *kind)}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" class:field--invalid=move || kind_error.get().is_some() aria-describedby="kind-error">
            <legend class="field-label">{words.kind} <Required /></legend>
            <div class="segmented">{radios}</div>
            <FieldMessage id="kind-error" error=kind_error />
        </fieldset>
        <TextField
            id="number"
            name="form[number]"
            label=words.number
            required=true
            mono=true
            value=RwSignal::new(form.number)
            error=field_error(failed, "number")
        >
            <p class="field-help">{words.number_help}</p>
        </TextField>
        <div class="halves">
            <TextField
                id="company"
                name="form[company]"
                label=words.company
                autocomplete="organization"
                required=true
                value=RwSignal::new(form.company)
                error=field_error(failed, "company")
            />
            <TextField
                id="representative"
                name="form[representative]"
                label=words.representative
                required=true
                value=RwSignal::new(form.representative)
                error=field_error(failed, "representative")
            />
            <TextField
                id="sector"
                name="form[sector]"
                label=words.sector
                required=true
                value=RwSignal::new(form.sector)
                error=field_error(failed, "sector")
            />
            <TextField
                id="trade"
                name="form[trade]"
                label=words.trade
                required=true
                value=RwSignal::new(form.trade)
                error=field_error(failed, "trade")
            />
        </div>
        <TextField
            id="address"
            name="form[address]"
            label=words.address
            autocomplete="street-address"
            required=true
            value=RwSignal::new(form.address)
            error=field_error(failed, "address")
        />
    }
}

#[component]
pub fn ServiceInputs(form: BusinessForm, failed: Failed) -> impl IntoView {
    let words = use_application_words();
    view! {
        <TextField
            id="url"
            name="form[url]"
            label=words.url
            kind="url"
            autocomplete="url"
            required=true
            value=RwSignal::new(form.url)
            error=field_error(failed, "url")
        >
            <p class="field-help">{words.url_help}</p>
        </TextField>
        <TextField
            id="contact-name"
            name="form[contact_name]"
            label=words.contact_name
            autocomplete="name"
            required=true
            value=RwSignal::new(form.contact_name)
            error=field_error(failed, "contact_name")
        />
        <div class="halves">
            <TextField
                id="contact-email"
                name="form[contact_email]"
                label=words.contact_email
                kind="email"
                autocomplete="email"
                required=true
                value=RwSignal::new(form.contact_email)
                error=field_error(failed, "contact_email")
            />
            <TextField
                id="contact-phone"
                name="form[contact_phone]"
                label=words.contact_phone
                kind="tel"
                autocomplete="tel"
                required=true
                value=RwSignal::new(form.contact_phone)
                error=field_error(failed, "contact_phone")
            />
        </div>
    }
}

#[component]
pub fn SettlementInputs(form: BusinessForm, failed: Failed, has_number: bool, kept_number: bool) -> impl IntoView {
    let words = use_application_words();
    let kept = match (kept_number, has_number) {
        (true, _) => Some(words.account_drafted),
        (false, true) => Some(words.account_kept),
        (false, false) => None,
    };
    view! {
        <TextField
            id="bank"
            name="form[bank]"
            label=words.bank
            required=true
            value=RwSignal::new(form.bank)
            error=field_error(failed, "bank")
        />
        <TextField
            id="account-number"
            name="form[account_number]"
            label=words.account_number
            required=!has_number && !kept_number
            mono=true
            value=RwSignal::new(String::new())
            error=field_error(failed, "account_number")
        >
            {kept.map(|text| view! { <p class="field-help">{text}</p> })}
            <p class="field-help">{words.account_help}</p>
        </TextField>
    }
}

/// 사업자등록증: a plain form of its own, since a file is no text. Posted the same with and without JavaScript.
#[component]
pub fn Upload(file: Option<FileView>, before: Option<AppError>) -> impl IntoView {
    use domain::application::Step;
    let (words, application, lang) = (use_words(), use_application_words(), use_lang());
    let errors = before.as_ref().and_then(AppError::fields).cloned().unwrap_or_else(FormErrors::default);
    let code = errors.of("file");
    let error = Signal::stored(code.map(|code| error_text(lang, code, &ErrorContext::default())));
    let kept = file.map(|FileView { name, bytes, at, .. }| {
        view! {
            <Banner tone=Tone::Info title=application.file_now>
                <p>
                    // A file, not a page of ours.
                    <a href=paths::APPLICATION_REGISTRATION rel="external" download="">
                        {name}
                    </a>
                    " · "
                    {size(bytes)}
                    " · "
                    <When at=at />
                </p>
                <p>{application.file_replaced}</p>
            </Banner>
        }
    });
    view! {
        <form method="post" action=paths::APPLICATION_REGISTRATION enctype="multipart/form-data" class="card stack">
            <h2>{step_text(lang, Step::Registration)}</h2>
            <ErrorBanner error=Signal::stored(before) />
            {kept}
            <div class="field" class:field--invalid=move || error.get().is_some()>
                <label class="field-label" for="file">
                    {application.file}
                    <Required />
                </label>
                <input
                    class="input input--file"
                    id="file"
                    name="file"
                    type="file"
                    accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
                    aria-required="true"
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="file-error file-help"
                />
                <FieldMessage id="file-error" error=error />
                <p class="field-help" id="file-help">
                    {application.file_help}
                </p>
            </div>
            <div class="form-actions">
                <a class="button" href=paths::APPLICATION>
                    {words.cancel}
                </a>
                <button class="button button--primary" type="submit">
                    {application.upload}
                </button>
            </div>
        </form>
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
