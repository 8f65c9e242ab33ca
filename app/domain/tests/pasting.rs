//! What is taken from the mails and tables that payment gateways send, and what is left.

use domain::{
    catalogue::Catalogue,
    channel::{
        Mode,
        paste::{Pasted, Place, read},
    },
};

fn pasted(module: &str, mode: Mode, text: &str) -> Pasted {
    let (_, module) = Catalogue::embedded().module(module).expect("a module");
    read(text, module, mode)
}

/// What was taken, as `mid=…` and `key=…`, in the order of the text.
fn taken(module: &str, mode: Mode, text: &str) -> Vec<String> {
    let word = |place: &Place| match place {
        Place::Mid => "mid".to_owned(),
        Place::Field(key) => key.to_string(),
    };
    pasted(module, mode, text).taken.iter().map(|taken| format!("{}={}", word(&taken.place), taken.value)).collect()
}

fn live(module: &str, text: &str) -> Vec<String> {
    taken(module, Mode::Live, text)
}

#[test]
fn a_mail_of_ksnet_fills_mid_and_key() {
    let mail = "안녕하세요. KSNET 전자결제팀입니다.\n\n가맹점 등록이 완료되어 아래와 같이 안내드립니다.\n\n\
        - 가맹점명 : 주식회사 나무\n- 상점아이디(MID) : 2001102849\n- API Key : pgapi+Mzk0NTI4NDU0NzM2MjcyOQ==\n\n감사합니다.";
    assert_eq!(live("ksnet", mail), ["mid=2001102849", "api_key=pgapi+Mzk0NTI4NDU0NzM2MjcyOQ=="]);
    let left = pasted("ksnet", Mode::Live, mail).left;
    assert!(left.iter().any(|line| line.contains("가맹점명")) && !left.iter().any(|line| line.contains("2001102849")));
}

#[test]
fn a_table_of_inicis_fills_every_key() {
    let table = "구분\t값\t비고\nMID\tMOIstore01\t운영\n웹표준결제 signkey\tSU5JTElURV9UUklQTEVERVNfS0VZU1RS\t\n\
        INIAPI key\tItEQKi3rY7uvDS8l\t\nINIAPI IV\tHYb3yQ4f65QL89==\t\nINILite Key(정기결제)\tb09LVzhuTGZVaEY1WmJoQnZzdXpR\t";
    assert_eq!(
        live("inicis_v2", table),
        [
            "mid=MOIstore01",
            "sign_key=SU5JTElURV9UUklQTEVERVNfS0VZU1RS",
            "iniapi_key=ItEQKi3rY7uvDS8l",
            "iniapi_iv=HYb3yQ4f65QL89==",
            "inilite_key=b09LVzhuTGZVaEY1WmJoQnZzdXpR",
        ]
    );
}

#[test]
fn names_above_their_values_are_a_table_too() {
    let table = "MID\tsignkey\tINIAPI key\nMOIstore01\tSU5JTElURQ==\tItEQKi3rY7uvDS8l";
    let all = ["mid=MOIstore01", "sign_key=SU5JTElURQ==", "iniapi_key=ItEQKi3rY7uvDS8l"];
    assert_eq!(live("inicis_v2", table), all);
    let markdown = "| MID | signkey | INIAPI key |\n|---|---|---|\n| MOIstore01 | SU5JTElURQ== | ItEQKi3rY7uvDS8l |";
    assert_eq!(live("inicis_v2", markdown), all);
}

#[test]
fn a_mail_of_nice_fills_key_and_password() {
    let mail = "■ 나이스페이먼츠 가맹점 정보\n▶ MID: nictest00m1\n▶ MerchantKey: EYzu8jGGMfqaDEp76gSckuvnaHHu+bC4opsSN6lHv3b2lurNYkVXrZ7Z1AoqQnXI3eLuaUFyoRNC6FkrzVjceg==\n\
        ▶ 결제취소 비밀번호: 123456 (변경 가능)";
    assert_eq!(
        live("nice_v2", mail),
        [
            "mid=nictest00m1",
            "merchant_key=EYzu8jGGMfqaDEp76gSckuvnaHHu+bC4opsSN6lHv3b2lurNYkVXrZ7Z1AoqQnXI3eLuaUFyoRNC6FkrzVjceg==",
            "cancel_password=123456",
        ]
    );
}

#[test]
fn keys_of_tosspayments_are_taken_for_their_mode() {
    let page = "상점 아이디(MID)\ntvivarepublica\n\n클라이언트 키\nlive_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq\n시크릿 키\nlive_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
    assert_eq!(
        live("tosspayments", page),
        [
            "mid=tvivarepublica",
            "client_key=live_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
            "secret_key=live_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
        ]
    );
}

#[test]
fn a_mail_of_danal_calls_the_mid_cpid() {
    let mail = "다날 CP 정보 안내\nCPID : A010002002\nCPPWD : bbbbb\n상품코드 : 1270000000";
    assert_eq!(live("danal", mail), ["mid=A010002002", "cppwd=bbbbb", "item_code=1270000000"]);
}

#[test]
fn a_mail_of_kakaopay_calls_the_mid_cid() {
    assert_eq!(live("kakaopay", "가맹점 코드(CID) : C123456789\n담당자: 김하나"), ["mid=C123456789"]);
}

#[test]
fn every_name_of_a_mid_is_known() {
    let names = [
        "MID",
        "CPID",
        "CID",
        "서비스ID",
        "서비스 아이디",
        "사이트코드",
        "site_cd",
        "파트너ID",
        "Partner ID",
        "상점아이디",
        "상점 ID",
        "PG상점아이디",
        "PG상점아이디 (MID)",
        "가맹점 ID",
        "가맹점코드",
        "가맹점번호",
        "Merchant ID",
        "Mall ID",
    ];
    for name in names {
        for text in [
            format!("{name}: ks00123"),
            format!("{name} ：ks00123"),
            format!("* {name} = ks00123"),
            format!("{name}\tks00123"),
            format!("{name}    ks00123"),
            format!("{name} ks00123"),
            format!("{name}\nks00123"),
            format!("<tr><th>{name}</th><td>ks00123</td></tr>"),
            format!("\"{name}\": \"ks00123\","),
        ] {
            assert_eq!(live("ksnet", &text), ["mid=ks00123"], "{text:?}");
        }
    }
}

#[test]
fn the_name_that_a_module_has_for_a_field_is_not_the_mid() {
    let text = "서비스ID : 12345678\n정기결제용 서비스ID : 87654321";
    assert_eq!(live("mobilians", text), ["mid=12345678", "billing_service_id=87654321"]);
    assert_eq!(
        live("daou", "CPID: CT12345\nMID: M0001\n결제연동키: 0a1b2c"),
        ["mid=CT12345", "daou_mid=M0001", "pay_link_key=0a1b2c"]
    );
}

#[test]
fn what_is_for_the_other_mode_is_left() {
    let mail = "[테스트 환경]\nMID: test0001\nAPI Key: tkey\n\n[운영 환경]\nMID: live0001\nAPI Key: lkey";
    assert_eq!(taken("ksnet", Mode::Test, mail), ["mid=test0001", "api_key=tkey"]);
    assert_eq!(live("ksnet", mail), ["mid=live0001", "api_key=lkey"]);
    let lines = "테스트 MID : test0001\n운영 MID : live0001\n상점아이디(실연동) : live0002";
    assert_eq!(taken("ksnet", Mode::Test, lines), ["mid=test0001"]);
    assert_eq!(live("ksnet", lines), ["mid=live0001"]);
}

#[test]
fn words_before_a_name_do_not_hide_it() {
    assert_eq!(live("inicis_v2", "신용카드 결제용 signkey : SU5JTElURQ=="), ["sign_key=SU5JTElURQ=="]);
    assert_eq!(live("ksnet", "KSNET 상점아이디: 2001102849"), ["mid=2001102849"]);
}

#[test]
fn the_first_of_two_values_is_taken_and_the_other_is_left_to_see() {
    let text = "MID: first01\nMID: second2\nMID: first01";
    assert_eq!(live("ksnet", text), ["mid=first01"]);
    assert_eq!(pasted("ksnet", Mode::Live, text).left, ["MID: second2"]);
}

#[test]
fn what_is_no_value_is_not_taken() {
    for text in [
        "MID: 없음",
        "MID: -",
        "MID:",
        "API Key: ********",
        "API Key: 별도 문자로 안내드립니다",
        "MID는 별도로 안내드립니다.",
        "상점아이디를 확인해 주세요",
    ] {
        assert_eq!(live("ksnet", text), [""; 0], "{text}");
    }
}

#[test]
fn a_certificate_is_taken_with_all_its_lines() {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIDgTCCAmmgAwIBAgIHBy4lYNG7ojAN\nBgkqhkiG9w0BAQsFADBzMQswCQYDVQQG\n-----END CERTIFICATE-----";
    let mail = format!("사이트코드 : T0000\nPG-API 인증서키\n{pem}\n개인키 비밀번호: changeit");
    assert_eq!(
        live("kcp_v2", &mail),
        ["mid=T0000".to_owned(), format!("pg_api_cert={pem}"), "private_key_password=changeit".to_owned()]
    );
}

#[test]
fn a_link_is_no_value() {
    assert_eq!(live("ksnet", "MID: https://pgims.ksnet.co.kr 에서 확인"), [""; 0]);
}

/// No text makes it panic, and none takes long.
#[test]
fn no_mail_is_too_odd() {
    let text = "MID\t\t|테스트│:=→ \"x\n-----BEGIN\n</td><td>MID</td\n상점아이디(:)\n실연동\u{0}";
    for (at, _) in text.char_indices() {
        for mode in [Mode::Test, Mode::Live] {
            let _ = pasted("kcp_v2", mode, &text[..at]);
            let _ = pasted("kcp_v2", mode, &text[at..]);
        }
    }
    let long = "MID\tAPI Key\n".repeat(20_000);
    assert!(pasted("ksnet", Mode::Live, &long).left.len() <= 50);
    let _ = pasted("ksnet", Mode::Live, &"(".repeat(100_000));
    let _ = pasted("ksnet", Mode::Live, &format!("가{}", "<".repeat(100_000)));
}
