//! The words of a channel's page, its history, and of test and live side by side.

use domain::channel::{Credentials, Purpose, Status, Tax, Use, history::Author};

use super::{Lang, purpose_text, status_text, tax_text, use_text};

side_by_side! {
    /// The fixed words of a channel's pages.
    ChannelWords {
        status: "사용 상태", "Status";
        first_content: "처음 저장한 내용", "What it began with";
        no_changes: "바뀐 값이 없습니다", "No value was changed";
        changed_from: "이전", "Before";
        changed_to: "이후", "After";
        blank: "없음", "None";
        secret_set: "새로 저장됨", "Set";
        secret_replaced: "다른 값으로 바뀜", "Replaced";
        secret_removed: "지워짐", "Removed";
        because: "사유", "Reason";
        made_from: "되돌린 버전", "Content of version";
        by_api: "API Secret", "API secret";
        current: "현재", "Current";
        to_this_version: "이 버전으로 되돌리기", "Go back to this version";
        roll_back_title: "이전 버전으로 되돌리기", "Go back to an older version";
        roll_back_lead: "고른 버전의 내용으로 새 버전을 만듭니다. 지금까지의 이력은 그대로 남고, 결제 코어는 바로 새 버전을 씁니다. 사용 상태와 상점은 바뀌지 않습니다.", "A new version is made with the content of the one you chose. The history stays as it is, and payment cores use the new version at once. Status and store do not change.";
        roll_back_what: "되돌리면 이렇게 바뀝니다", "This will change";
        roll_back_secrets: "비밀 값은 그 버전을 저장할 때 봉인한 것을 그대로 씁니다. PG상점아이디가 바뀌면 그 상점아이디의 키도 함께 돌아옵니다.", "Secrets are those that were sealed with that version. Where the MID changes, the keys of that MID come back with it.";
        roll_back_same: "지금 내용과 같아서 되돌릴 것이 없습니다", "It says the same as now: there is nothing to go back to";
        roll_back_unreadable: "이 버전의 비밀 값을 열 수 없어 되돌릴 수 없습니다", "The secrets of this version do not open, so it cannot come back";
        roll_back_unreadable_text: "채널 수정에서 키를 다시 입력해 주세요.", "Please enter the keys again by editing the channel.";
        name_taken: "지금은 다른 채널이 쓰는 이름입니다. 아래에서 지금 이름을 그대로 두거나, 그 채널의 이름을 먼저 바꿔 주세요.", "Another channel has this name by now. Keep the name of now below, or rename the other channel first.";
        keep_name: "채널 이름은 지금 것을 그대로 둡니다", "Keep the channel's name as it is now";
        rolled_back_done: "이전 버전의 내용으로 되돌렸습니다", "The channel has the content of the older version again";
        compare: "이 값과 같은지 확인", "Compare with a value";
        compare_label: "비교할 값", "Value to compare";
        compare_help: "저장된 값은 보여 주지 않고 같은지만 알려 줍니다. 한 채널에 한 시간에 10번까지이고, 확인할 때마다 작업 기록에 남습니다.", "The stored value is not shown, only whether the two are the same. Ten times an hour for a channel; each time is noted in the trail.";
        compare_button: "확인", "Compare";
        compare_same: "저장된 값과 같습니다", "The same as the stored value";
        compare_different: "저장된 값과 다릅니다", "Not the stored value";
        compare_at: "확인한 시각", "Compared";
        for_code: "코드에 넣을 값", "For your code";
        for_code_lead: "이 채널로 결제를 부를 때 그대로 복사해 쓰세요. 비밀 값은 들어 있지 않습니다.", "To be copied as they are. There is no secret in them.";
        with_v1: "V1", "V1";
        with_v2: "V2", "V2";
        snippets: "예제 코드", "Example code";
        snippets_lead: "주문 번호, 금액, 구매자 정보만 바꿔 쓰면 됩니다. PG마다 더 필요한 값은 연동 가이드를 봐 주세요.", "Replace order, amount and buyer. What a gateway needs beside is in its guide.";
        snippets_test: "테스트 채널의 값입니다. 실제로 판매할 때는 실연동 채널의 값으로 바꿔 주세요.", "These are a test channel's values. For real sales take those of the live channel.";
        snippets_paused: "지금은 이 채널로 부른 결제가 거절됩니다.", "Payments with this channel are refused at the moment.";
        do_pay: "결제창 열기", "Open the payment window";
        do_billing: "빌링키 발급 (정기결제)", "Issue a billing key (recurring)";
        do_verify: "본인인증 창 열기", "Open identity verification";
        by_server: "고객사 서버에서 부르는 API", "Called by your server";
        sample_order: "주문 이름", "Order name";
        sample_buyer: "홍길동", "Gildong Hong";
        delete_affects: "삭제하면 이렇게 됩니다", "What deleting does";
        delete_calls: "이 채널 키로 부르는 SDK와 API 호출은 삭제하는 즉시 거절됩니다.", "SDK and API calls with this channel key are refused from that moment.";
        delete_name: "채널 이름은 비워져서 다른 채널이 쓸 수 있습니다.", "The name is free for another channel.";
        delete_refunds: "이미 결제된 건의 조회와 환불은 계속됩니다. 그래서 키는 지우지 않고 보관합니다.", "Payments made before can be looked up and refunded. That is why its keys are kept.";
        delete_cores: "결제 코어에는 바로 전해집니다. 적용되었는지는 이 페이지에 나옵니다.", "Payment cores are told at once; this page shows whether they have it.";
        delete_undo: "30일 안에는 이 페이지에서 되돌릴 수 있습니다.", "For 30 days it can be undone on this page.";
        delete_twin: "짝지은 채널은 그대로 남고, 30일이 지나면 짝이 풀립니다:", "The channel it is paired with stays, alone after 30 days:";
        pause_affects: "일시중지하면", "What pausing does";
        pause_calls: "새 결제와 빌링키 발급은 거절되고, 조회와 환불은 계속됩니다.", "New payments and billing keys are refused; look-ups and refunds go on.";
        pause_keeps: "이름, 키, 이력은 그대로 있고, 언제든 다시 사용할 수 있습니다.", "Name, keys and history stay, and it can be resumed at any time.";
        twins: "테스트 │ 실연동", "Test │ Live";
        twins_lead: "테스트 채널과 실제 결제를 받을 실연동 채널을 나란히 놓고, 무엇이 같고 다르고 빠졌는지 봅니다. 짝짓기는 이 화면을 위한 것이고 결제에는 영향이 없습니다.", "A test channel beside the live one behind it: what is the same, what differs, what is missing. Pairing is for this page only and does not change payments.";
        item: "항목", "Item";
        verdict: "비교", "Compared";
        same: "같음", "Same";
        different: "다름", "Different";
        missing_in_live: "실연동에 없음", "Missing in live";
        missing_in_test: "테스트에 없음", "Missing in test";
        missing: "둘 다 없음", "Neither";
        unknown: "둘 다 저장됨", "Both set";
        not_needed: "공용 테스트 키", "Shared test keys";
        no_live: "짝이 되는 실연동 채널이 없습니다", "No live channel is paired with this one";
        no_live_text: "이미 추가한 실연동 채널과 짝짓거나, [실연동으로 올리기]로 필요한 키만 입력해 새로 만들 수 있습니다.", "Pair it with a live channel that exists, or promote it: only the keys that are needed are asked for.";
        no_test: "짝이 되는 테스트 채널이 없습니다", "No test channel is paired with this one";
        no_test_text: "같은 결제대행사와 채널 속성의 테스트 채널과 짝지을 수 있습니다.", "It can be paired with a test channel of the same gateway and purpose.";
        other_module: "(다른 결제 모듈)", "(another module)";
        pair_with: "짝지을 채널", "Pair with";
        pair_help: "결제대행사와 채널 속성이 같은 채널만 나옵니다. 결제 모듈이 같은 채널이 먼저 나옵니다.", "Channels of the same gateway and purpose; those of the same module come first.";
        pair: "짝짓기", "Pair";
        part: "짝 풀기", "Unpair";
        paired_done: "테스트와 실연동 채널을 짝지었습니다", "The two channels are paired";
        parted_done: "짝을 풀었습니다", "The two channels are no longer paired";
        promote: "실연동으로 올리기", "Promote to live";
        promote_lead: "테스트 채널과 같은 구성의 실연동 채널을 준비합니다. 남은 것을 한 번에 입력하면 채널과 짝이 함께 저장됩니다.", "Prepares a live channel set up like the test channel. What is left is entered at once; channel and pair are saved together.";
        promote_adds: "저장하면 실연동 채널이 새로 생깁니다.", "Saving adds a live channel.";
        promote_edits: "저장하면 짝지은 실연동 채널이 바뀝니다.", "Saving changes the live channel it is paired with.";
        plan: "남은 것", "What is left";
        plan_note: "키는 상점아이디에 딸린 값이라 테스트 채널의 키는 가져오지 않습니다.", "Keys belong to a MID, so none is taken from the test channel.";
        plan_complete: "더 입력할 것이 없습니다. 내용을 확인하고 저장해 주세요.", "Nothing is left to enter. Please check and save.";
        plan_needed: "입력해야 합니다", "To be entered";
        plan_optional: "있으면 입력합니다", "If you have it";
        plan_taken: "테스트 채널에서 가져옵니다", "Taken from the test channel";
        plan_kept: "이미 있습니다", "There already";
        clone: "복제", "Duplicate";
        clone_title: "다른 채널에서 가져온 내용입니다", "Taken from another channel";
        clone_text: "비밀 값은 복사하지 않습니다. 키를 입력하고 저장해야 새 채널이 생깁니다.", "Secrets are never copied. Nothing is added before you enter the keys and save.";
        paired_anew: "그 사이 짝이 바뀌었습니다", "It is paired with another channel by now";
        paired_anew_text: "이전 짝을 위해 입력한 내용은 저장하지 않았습니다. 지금의 짝을 확인한 뒤 다시 올려 주세요.", "What you typed for the channel before was not saved. Look at the pair as it is now, then promote again.";
    }
}

impl Lang {
    pub const fn channel(self) -> &'static ChannelWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

/// What an input or a stored value of ours is called; a PG's own word is the field's label.
pub fn field_label<'a>(lang: Lang, field: &str, mid_label: &'a str) -> Option<&'a str> {
    let (words, channel) = (lang.words(), lang.channel());
    Some(match field {
        "name" => words.channel_name,
        "module" => words.module,
        "purpose" => words.purpose,
        "mid" => mid_label,
        "uses" => words.uses,
        "tax" => words.tax,
        "store" => words.store,
        "status" => channel.status,
        "credentials" => words.credentials,
        _ => return None,
    })
}

/// A stored value in words, where it is one of ours and no code.
pub fn value_text(lang: Lang, field: &str, value: &str) -> Option<String> {
    let text = match field {
        "purpose" => purpose_text(lang, Purpose::parse(value)?),
        "tax" => tax_text(lang, Tax::parse(value)?),
        "status" => status_text(lang, Status::parse(value)?),
        "uses" => {
            let known = value.split(' ').filter_map(Use::parse).map(|word| use_text(lang, word));
            return Some(known.collect::<Vec<_>>().join(", "));
        }
        "credentials" if value == Credentials::SharedTest.as_str() => lang.words().credentials_shared,
        "credentials" => lang.words().credentials_own,
        "name" => value,
        _ => return None,
    };
    Some(text.to_owned())
}

/// Whose doing a version or a value is.
pub fn author_text(lang: Lang, author: &Author) -> String {
    match &author.credential {
        Some(kid) => format!("{} chv2_{kid}_… ({})", lang.channel().by_api, author.email),
        None => author.email.clone(),
    }
}

/// How long ago something was, roughly: `3분 전`.
pub fn ago(lang: Lang, now: i64, at: i64) -> String {
    let seconds = (now - at).max(0) / 1000;
    let (count, ko, en) = match seconds {
        ..60 => return if lang == Lang::Ko { "방금".to_owned() } else { "just now".to_owned() },
        60..3_600 => (seconds / 60, "분", "min"),
        3_600..86_400 => (seconds / 3_600, "시간", "h"),
        86_400..2_592_000 => (seconds / 86_400, "일", "d"),
        2_592_000..31_536_000 => (seconds / 2_592_000, "개월", "mo"),
        _ => (seconds / 31_536_000, "년", "y"),
    };
    if lang == Lang::Ko { format!("{count}{ko} 전") } else { format!("{count} {en} ago") }
}

/// How long ago something was, or how far ahead it is: `3분 전`, `3일 뒤`.
pub fn relative(lang: Lang, now: i64, at: i64) -> String {
    if at <= now {
        return ago(lang, now, at);
    }
    let told = ago(lang, at, now);
    match lang {
        Lang::Ko => told.strip_suffix(" 전").map_or(told.clone(), |count| format!("{count} 뒤")),
        Lang::En => told.strip_suffix(" ago").map_or(told.clone(), |count| format!("in {count}")),
    }
}

#[cfg(test)]
mod times {
    use super::*;

    #[test]
    fn what_is_to_come_is_told_too() {
        assert_eq!(relative(Lang::Ko, 0, 3 * 86_400_000), "3일 뒤");
        assert_eq!(relative(Lang::En, 0, 7_200_000), "in 2 h");
        assert_eq!((relative(Lang::Ko, 0, 5), relative(Lang::Ko, 60_000, 0)), ("방금".into(), "1분 전".into()));
    }

    #[test]
    fn how_long_ago_is_told_in_the_largest_unit() {
        const DAY: i64 = 86_400_000;
        let told = [0, 59_000, 60_000, 7_200_000, 3 * DAY, 65 * DAY, 800 * DAY].map(|ms| ago(Lang::Ko, ms, 0));
        assert_eq!(told, ["방금", "방금", "1분 전", "2시간 전", "3일 전", "2개월 전", "2년 전"]);
        assert_eq!(ago(Lang::En, 0, 5_000), "just now");
    }
}
