//! The words of the styleguide: titles of its sections, and what its samples say.

side_by_side! {
    /// The words of the styleguide.
    StyleguideWords {
        title: "스타일 가이드", "Styleguide";
        lead: "모든 부품을 모든 상태로 보여 줍니다. 개발할 때만 있는 화면입니다.", "Every component in every state. This page is there while developing only.";
        text: "글자와 링크", "Text and links";
        second: "둘째 제목", "A second heading";
        third: "셋째 제목", "A third heading";
        sentence: "채널을 저장하면 결제 코어가 곧 따라옵니다.", "Once a channel is saved the payment core soon follows.";
        faint: "덜 중요한 말은 흐리게 씁니다.", "What matters less is fainter.";
        link: "여기로 가는 링크", "A link to here";
        buttons: "버튼", "Buttons";
        plain: "기본", "Plain";
        primary: "주요", "Primary";
        ghost: "조용한", "Ghost";
        danger: "위험한", "Danger";
        small: "작은", "Small";
        wide: "넓은", "Wide";
        disabled: "쓸 수 없음", "Disabled";
        busy: "처리 중", "Busy";
        fields: "입력", "Fields";
        name: "이름", "Name";
        needed: "꼭 필요한 이름", "A name that is needed";
        name_value: "가을 정기결제", "Autumn subscriptions";
        refused: "거절된 이름", "A name that was refused";
        wrong: "글자, 숫자, 띄어쓰기, _, -만 쓸 수 있습니다.", "Letters, digits, spaces, _ and - only.";
        warned: "저장은 되지만 보통과 다릅니다.", "This can be saved, and is unusual.";
        help: "PG사의 관리자 화면에서 찾을 수 있습니다.", "It stands in the gateway's admin pages.";
        several: "여러 줄", "Several lines";
        secret: "비밀 값", "A secret";
        fixed: "바꿀 수 없는 값", "A value that stays";
        list: "고르기", "A choice from a list";
        one: "첫째", "First";
        two: "둘째", "Second";
        three: "셋째", "Third";
        choices: "하나 고르기", "Choices";
        chosen_note: "고른 것은 바탕이 다릅니다.", "What is chosen has another ground.";
        box_text: "약관에 동의합니다", "I agree to the terms";
        box_refused: "동의해야 계속할 수 있습니다.", "It takes your consent to go on.";
        chips: "꼬리표", "Chips";
        banners: "알림", "Banners";
        banner_title: "채널을 저장했습니다", "The channel was saved";
        values: "값과 표", "Values and tables";
        long: "아주 긴 값이 와도 상자 밖으로 나가지 않습니다", "However long a value is it stays within its box";
        cards: "상자와 목록", "Cards and lists";
        nothing: "아직 없습니다", "Nothing yet";
        nothing_text: "처음 것을 추가해 보세요.", "Add the first one.";
        ways: "탭, 단계, 쪽", "Tabs, steps, pages";
        dialogs: "대화 상자와 서랍", "Dialogs and drawers";
        open: "대화 상자 열기", "Open the dialog";
        dialog_title: "채널을 삭제할까요", "Delete the channel";
        close: "닫기", "Close";
        unfold: "자세히 펼치기", "Unfold the details";
        drawer: "좁은 창에서는 메뉴가 위에서 내려옵니다.", "In a narrow window the menu comes down from the top.";
        marks: "그림과 표지", "Icons and marks";
    }
}

impl crate::text::Lang {
    pub fn styleguide(self) -> &'static StyleguideWords {
        if self == Self::Ko { &KO } else { &EN }
    }
}
