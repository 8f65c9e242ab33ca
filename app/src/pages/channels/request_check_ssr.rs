use domain::{
    catalogue::requests::{InputKind, Level, RequestCall, RequestGuide, RequestInput},
    id::ChannelKey,
    request_check::{self, Channel, Finding, Report, RequestForm},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    api::{
        AppError,
        channels::{ChannelPageData, show_channel},
        session::backend,
    },
    components::{Banner, FieldMessage, Icon, ModeChip, SelectField, TextArea, TextField, Tone},
    pages::console::{PageError, PageHead},
    paths,
    text::{CheckWords, device_text, level_text, read_error_text, use_lang, use_words},
};

#[component]
pub fn RequestCheckPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let key = params.with_untracked(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok()));
    // What was posted; a page that is only opened begins with the call in its address.
    let posted = use_context::<RequestForm>().unwrap_or_else(|| RequestForm {
        call: query.with_untracked(|query| query.get("call").unwrap_or_default()),
        ..RequestForm::default()
    });
    let posted = StoredValue::new(posted);
    let page = Resource::new(
        || (),
        move |()| async move {
            match key {
                Some(key) => show_channel(key).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let found = page.await.and_then(|shown| Ok((guide_of(&shown.page)?, shown.page)));
                match found {
                    Ok((guide, page)) => Either::Left(view! { <Checker guide=guide page=page form=posted.get_value() /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Suspense>
    }
}

fn guide_of(page: &ChannelPageData) -> Result<&'static RequestGuide, AppError> {
    backend()?.catalogue().request_guide(&page.channel.summary.module).ok_or(AppError::NotFound)
}

#[component]
fn Checker(guide: &'static RequestGuide, page: ChannelPageData, form: RequestForm) -> impl IntoView {
    let lang = use_lang();
    let (words, checks) = (use_words(), lang.checks());
    let summary = page.channel.summary;
    let Some(call) = guide.call(&form.call).or(guide.calls.first()) else {
        return Either::Left(view! { <PageError error=AppError::NotFound /> });
    };
    let channel = Channel { key: summary.key, mode: summary.mode, mid: &summary.mid, module: &page.module };
    let read = form.is_asked().then(|| form.request(call));
    let (report, unread) = match read {
        Some(Ok(request)) => (Some(request_check::check(call, &request, form.device(), channel)), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let path = paths::request_check(summary.key);
    let calls = guide
        .calls
        .iter()
        .map(|each| {
            let href = format!("{path}?call={}", each.key);
            view! {
                <a href=href aria-current=(each.key == call.key).then_some("page")>
                    {lang.pick(&each.title)}
                </a>
            }
        })
        .collect_view();
    let unread = Signal::stored(unread.map(|error| read_error_text(lang, error)));
    let is_filled = form.is_filled() && form.is_asked();
    let findings = report.as_ref().map(|report| report.findings.clone()).filter(|_| is_filled).unwrap_or_default();
    let example = call.example.trim().replace("{MID}", &summary.mid);
    let inputs = call.inputs.iter().map(|input| view! { <Input input=input form=&form findings=&findings /> });
    let inputs = inputs.collect_view();
    Either::Right(view! {
        <PageHead title=checks.title lead=checks.lead />
        <p class="row">
            <a href=paths::channel(summary.key)>{summary.name.clone()}</a>
            <ModeChip mode=summary.mode />
            <code>{summary.mid.clone()}</code>
            <span>
                {checks.by} " "
                <a href=guide.url.as_str() target="_blank" rel="noopener noreferrer">
                    {guide.title.as_str()}
                    <Icon name="external" small=true />
                </a>
            </span>
        </p>
        <nav class="tabs" aria-label=checks.call>
            {calls}
        </nav>
        {unread.get_untracked().map(|_| view! { <Banner tone=Tone::Error title=checks.cannot_read /> })}
        {report.map(|report| view! { <Result report=report guide=guide checks=checks /> })}
        <form method="post" action=path class="stack" novalidate>
            <input type="hidden" name="call" value=call.key.as_str() />
            // The first button is the one that the Enter key presses, in whichever input.
            <button class="visually-hidden" type="submit" name="by" value=RequestForm::ENTER tabindex="-1" aria-hidden="true"></button>
            <section class="card stack">
                <p>
                    <code>{call.name.as_str()}</code>
                </p>
                {call.by_device.then(|| view! { <DeviceChoice form=&form checks=checks /> })}
                <div class="field" class:field--invalid=unread.get_untracked().is_some()>
                    <label class="field-label" for="text">
                        {checks.paste}
                    </label>
                    <TextArea
                        id="text"
                        name="text"
                        rows=14
                        value=RwSignal::new(form.text.clone())
                        is_invalid=unread.get_untracked().is_some()
                        described_by="text-error text-help"
                    />
                    <FieldMessage id="text-error" error=unread />
                    <p class="field-help" id="text-help">
                        {checks.paste_help}
                    </p>
                </div>
                <details>
                    <summary>{checks.example}</summary>
                    <pre class="request-example">{example}</pre>
                </details>
                <div class="form-actions">
                    <a class="button" href=paths::channel(summary.key)>
                        {words.cancel}
                    </a>
                    <button class="button button--primary" type="submit" name="by" value=RequestForm::PASTE>
                        {checks.paste_button}
                    </button>
                </div>
            </section>
            <details class="card" open=is_filled>
                <summary>{checks.fill}</summary>
                <div class="stack">
                    <p class="field-help">{checks.fill_help}</p>
                    <div class="request-inputs">{inputs}</div>
                    <div class="form-actions">
                        <button class="button button--primary" type="submit" name="by" value=RequestForm::FILL>
                            {checks.fill_button}
                        </button>
                    </div>
                </div>
            </details>
        </form>
        <Rules call=call guide=guide checks=checks />
    })
}

#[component]
fn DeviceChoice<'a>(form: &'a RequestForm, checks: &'static CheckWords) -> impl IntoView {
    use domain::catalogue::requests::Device;
    let lang = use_lang();
    let options = [
        ("", checks.all_devices, None),
        ("pc", device_text(lang, Device::Pc), Some(Device::Pc)),
        ("mobile", device_text(lang, Device::Mobile), Some(Device::Mobile)),
    ];
    let radios = options
        .map(|(value, text, device)| {
            view! {
                <label>
                    <input type="radio" name="device" value=value checked=form.device() == device />
                    {text}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="field-label">{checks.device}</legend>
            <div class="segmented">{radios}</div>
        </fieldset>
    }
}

/// A parameter to fill in, with what is wrong with it.
#[component]
fn Input<'a>(input: &'static RequestInput, form: &'a RequestForm, findings: &'a [Finding<'static>]) -> impl IntoView {
    let lang = use_lang();
    let typed = form.inputs.get(&input.field).cloned().unwrap_or_default();
    let (id, name) = (input_id(&input.field), format!("{}{}", RequestForm::INPUT, input.field));
    let label = format!("{} · {}", lang.pick(&input.label), input.field);
    let wrong = findings.iter().find(|finding| finding.rule.field == input.field);
    let error = Signal::stored(wrong.map(|finding| lang.pick(&finding.rule.text)));
    let choices: Vec<(String, String)> = match input.kind {
        InputKind::Boolean => ["true", "false"].map(|word| (word.to_owned(), word.to_owned())).into(),
        _ => input.choices.iter().map(|c| (c.value.clone(), format!("{} ({})", c.label, c.value))).collect(),
    };
    if choices.is_empty() {
        return Either::Left(view! {
            <TextField id=id name=name label=label mono=true value=RwSignal::new(typed) error=error />
        });
    }
    let options = [(String::new(), lang.checks().not_sent.to_owned())].into_iter().chain(choices).collect();
    Either::Right(view! { <SelectField id=id name=name label=label options=options selected=typed error=error /> })
}

fn input_id(field: &str) -> String {
    format!("in-{}", field.replace('.', "-"))
}

#[component]
fn Result(report: Report<'static>, guide: &'static RequestGuide, checks: &'static CheckWords) -> impl IntoView {
    let (refused, cautions) = (report.count(Level::Refused), report.count(Level::Caution));
    let is_fine = report.is_fine();
    let head = if report.findings.is_empty() {
        let (tone, title) = if is_fine { (Tone::Success, checks.fine) } else { (Tone::Info, checks.fine_as_far) };
        let text = if is_fine { format!("{} {}", checks.fine_text, report.rules) } else { String::new() };
        let text = if report.is_open { checks.open_text.to_owned() } else { text };
        Either::Left(view! {
            <Banner tone=tone title=title>{(!text.is_empty()).then(|| view! { <p>{text}</p> })}</Banner>
        })
    } else {
        let tone = if refused > 0 { Tone::Error } else { Tone::Caution };
        let title = format!("{} {refused} · {} {cautions}", checks.refused_count, checks.caution_count);
        Either::Right(view! { <Banner tone=tone title=title /> })
    };
    let findings =
        report.findings.into_iter().map(|finding| view! { <Found finding=finding guide=guide checks=checks /> });
    let findings = findings.collect_view();
    let names = |fields: Vec<String>| fields.into_iter().map(|field| view! { <code>{field}</code> " " }).collect_view();
    let undecided = (!report.undecided.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Info title=checks.undecided>
                <p>{names(report.undecided)}</p>
            </Banner>
        }
    });
    let unmentioned = (!report.unmentioned.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Info title=checks.unmentioned>
                <p>{names(report.unmentioned)}</p>
                <p>{checks.unmentioned_text}</p>
            </Banner>
        }
    });
    view! {
        <section class="stack" id="result" aria-labelledby="result-title">
            <h2 id="result-title">{checks.result}</h2>
            {head}
            <ol class="findings">{findings}</ol>
            {undecided}
            {unmentioned}
        </section>
    }
}

#[component]
fn Found(finding: Finding<'static>, guide: &'static RequestGuide, checks: &'static CheckWords) -> impl IntoView {
    let lang = use_lang();
    let Finding { rule, given } = finding;
    let class = if rule.level == Level::Refused { "chip chip--refused" } else { "chip chip--awaited" };
    let given = match given {
        Some(value) => Either::Left(view! { {checks.given} " " <code>{value}</code> }),
        None => Either::Right(checks.nothing_given),
    };
    view! {
        <li class="card finding">
            <p class="row">
                <span class=class>{level_text(lang, rule.level)}</span>
                {rule.device.map(|device| view! { <span class="chip chip--version">{device_text(lang, device)}</span> })}
                <code>{rule.field.as_str()}</code>
                <span class="kv-note">{given}</span>
            </p>
            <p>{lang.pick(&rule.text)}</p>
            <p class="kv-note">{cited(rule.document.as_deref(), guide, &rule.section)}</p>
        </li>
    }
}

/// The document that says so, by its title.
fn cited(document: Option<&'static str>, guide: &'static RequestGuide, section: &'static str) -> impl IntoView {
    let link = match document {
        Some(document) => Either::Left(document),
        None => Either::Right(view! {
            <a href=guide.url.as_str() target="_blank" rel="noopener noreferrer">
                {guide.title.as_str()}
            </a>
        }),
    };
    view! { <cite>{link} ", " {section}</cite> }
}

#[component]
fn Rules(call: &'static RequestCall, guide: &'static RequestGuide, checks: &'static CheckWords) -> impl IntoView {
    let lang = use_lang();
    let rows = call
        .rules
        .iter()
        .map(|rule| {
            view! {
                <dt>
                    <code>{rule.field.as_str()}</code>
                </dt>
                <dd>
                    {lang.pick(&rule.text)} <p class="kv-note">{cited(rule.document.as_deref(), guide, &rule.section)}</p>
                </dd>
            }
        })
        .collect_view();
    view! {
        <details class="card card--sunk">
            <summary>{checks.rules} " (" {call.rules.len()} ")"</summary>
            <dl class="kv">{rows}</dl>
        </details>
    }
}
