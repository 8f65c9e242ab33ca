//! What a developer copies into code to pay by a channel: exact strings, and short examples with this merchant's ids.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Purpose, Use};
use crate::{
    catalogue::{Category, Module, Version},
    id::{ChannelKey, ImpCode, StoreId},
};

/// The channel that code is for.
#[derive(Debug, Clone, Copy)]
pub struct Coded<'a> {
    pub module: &'a Module,
    pub category: Category,
    pub imp_code: &'a ImpCode,
    pub store: StoreId,
    pub key: ChannelKey,
    pub mid: &'a str,
    pub purpose: Purpose,
    pub uses: &'a [Use],
    /// The name of the order and of the buyer in examples.
    pub sample: (&'a str, &'a str),
}

/// What an example does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Opens the payment window.
    Pay,
    /// Gets a billing key: by the window, or by the merchant's server where the module is called by API.
    IssueBillingKey { by_server: bool },
    /// Opens identity verification.
    Verify,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub version: Version,
    pub doing: Doing,
    pub code: String,
}

/// Strings and examples for one channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Lines to paste, by version.
    pub lines: Vec<(Version, String)>,
    pub snippets: Vec<Snippet>,
}

impl Coded<'_> {
    pub fn code(&self) -> Code {
        let versions = self.versions();
        let lines = versions.iter().flat_map(|version| {
            let lines = match version {
                Version::V1 => vec![
                    Some(format!("IMP.init(\"{}\")", self.imp_code)),
                    self.module.pg_code.as_ref().map(|code| format!("pg: \"{code}.{}\"", self.mid)),
                    Some(self.channel_key()),
                ],
                Version::V2 => vec![Some(format!("storeId: \"{}\"", self.store)), Some(self.channel_key())],
            };
            lines.into_iter().flatten().map(|line| (*version, line))
        });
        let snippets = versions.iter().flat_map(|version| {
            let write = move |doing: Doing| Snippet { version: *version, doing, code: self.written(*version, doing) };
            self.doings().into_iter().map(write)
        });
        Code { lines: lines.collect(), snippets: snippets.collect() }
    }

    fn channel_key(&self) -> String {
        format!("channelKey: \"{}\"", self.key)
    }

    /// Those of the module, or those that the merchant said they use.
    fn versions(&self) -> Vec<Version> {
        let chosen = |version: &Version| match version {
            Version::V1 => self.uses.contains(&Use::V1),
            Version::V2 => self.uses.contains(&Use::V2),
        };
        let all = &self.module.versions;
        if all.iter().any(chosen) { all.iter().copied().filter(chosen).collect() } else { all.clone() }
    }

    fn doings(&self) -> Vec<Doing> {
        if self.purpose == Purpose::Identity {
            return vec![Doing::Verify];
        }
        // What their windows need beside, currencies above all, differs from one to the next: their guides say it.
        if self.category == Category::Overseas || self.module.overseas {
            return Vec::new();
        }
        let possible = self.possible();
        let wanted = |doing: &Doing| {
            let which = if *doing == Doing::Pay { Use::OneTime } else { Use::Recurring };
            !self.module.uses.contains(&which) || self.uses.contains(&which)
        };
        let chosen: Vec<Doing> = possible.iter().copied().filter(wanted).collect();
        if chosen.is_empty() { possible } else { chosen }
    }

    /// What the module can do, or what its shared test MID is for.
    fn possible(&self) -> Vec<Doing> {
        let of_mid = self.module.test_mid(self.mid).map(|test| &test.pay_styles).filter(|styles| !styles.is_empty());
        let styles = of_mid.unwrap_or(&self.module.pay_styles);
        let has = |way: &str, kind: &str| styles.iter().any(|style| style.split_once(' ') == Some((way, kind)));
        let by_window = |kind: &str| has("결제창", kind) || has("간편결제", kind);
        // A wallet's own product (브랜드페이, 퀵페이) has a name of its own in place of 일반결제.
        let recurring = ["정기결제", "수기결제"];
        let pays = styles
            .iter()
            .any(|style| style.split_once(' ').is_some_and(|(way, kind)| way != "API" && !recurring.contains(&kind)));
        let billing = if by_window("정기결제") {
            Some(Doing::IssueBillingKey { by_server: false })
        } else {
            has("API", "정기결제").then_some(Doing::IssueBillingKey { by_server: true })
        };
        pays.then_some(Doing::Pay).into_iter().chain(billing).collect()
    }

    fn written(&self, version: Version, doing: Doing) -> String {
        match (version, doing) {
            (Version::V1, Doing::Verify) => self.v1("certification", &[], "identity"),
            (Version::V1, Doing::Pay) => self.v1("request_pay", &self.v1_payment(1000), "order"),
            (Version::V1, Doing::IssueBillingKey { by_server: false }) => {
                let mut lines = self.v1_payment(0);
                lines.insert(1, "customer_uid: \"customer-1-card-1\"".to_owned());
                self.v1("request_pay", &lines, "billing")
            }
            (Version::V2, Doing::Verify) => {
                let id = "identityVerificationId: `identity-${Date.now()}`".to_owned();
                self.v2("requestIdentityVerification", &[id])
            }
            (Version::V2, Doing::Pay) => {
                let method = Method::of(self.module, self.category, "일반결제");
                self.v2(
                    "requestPayment",
                    &[
                        "paymentId: `order-${Date.now()}`".to_owned(),
                        format!("orderName: {}", quoted(self.sample.0)),
                        "totalAmount: 1000".to_owned(),
                        "currency: \"KRW\"".to_owned(),
                        format!("payMethod: \"{}\"", method.v2()),
                        self.v2_customer(),
                    ],
                )
            }
            (Version::V2, Doing::IssueBillingKey { by_server: false }) => {
                let method = Method::of(self.module, self.category, "정기결제");
                self.v2(
                    "requestIssueBillingKey",
                    &[
                        format!("billingKeyMethod: \"{}\"", method.v2()),
                        "issueId: `billing-${Date.now()}`".to_owned(),
                        format!("issueName: {}", quoted(self.sample.0)),
                        self.v2_customer(),
                    ],
                )
            }
            (Version::V1, Doing::IssueBillingKey { by_server: true }) => curl(
                "subscribe/customers/customer-1-card-1",
                "Bearer $ACCESS_TOKEN",
                &[
                    format!("\"channel_key\": \"{}\"", self.key),
                    "\"card_number\": \"0000-0000-0000-0000\"".to_owned(),
                    "\"expiry\": \"2030-12\"".to_owned(),
                    "\"birth\": \"900101\"".to_owned(),
                    "\"pwd_2digit\": \"00\"".to_owned(),
                ],
            ),
            (Version::V2, Doing::IssueBillingKey { by_server: true }) => curl(
                "billing-keys",
                "PortOne $API_SECRET",
                &[
                    format!("\"storeId\": \"{}\"", self.store),
                    format!("\"channelKey\": \"{}\"", self.key),
                    "\"customer\": { \"id\": \"customer-1\" }".to_owned(),
                    "\"method\": { \"card\": { \"credential\": {\n      \"number\": \"0000000000000000\",\n      \
                     \"expiryYear\": \"30\",\n      \"expiryMonth\": \"12\",\n      \
                     \"birthOrBusinessRegistrationNumber\": \"900101\",\n      \"passwordTwoDigits\": \"00\"\n    } } }"
                        .to_owned(),
                ],
            ),
        }
    }

    fn v1_payment(&self, amount: u32) -> Vec<String> {
        let kind = if amount == 0 { "정기결제" } else { "일반결제" };
        let method = Method::of(self.module, self.category, kind);
        vec![
            format!("pay_method: \"{}\"", method.v1()),
            format!("name: {}", quoted(self.sample.0)),
            format!("amount: {amount}"),
            "currency: \"KRW\"".to_owned(),
            "tax_free: 0".to_owned(),
            format!("buyer_name: {}", quoted(self.sample.1)),
            "buyer_tel: \"02-0000-0000\"".to_owned(),
            "buyer_email: \"buyer@example.com\"".to_owned(),
        ]
    }

    fn v1(&self, function: &str, lines: &[String], id: &str) -> String {
        let mut code =
            format!("IMP.init(\"{}\");\n\nIMP.{function}(\n  {{\n    {},\n", self.imp_code, self.channel_key());
        let _ = writeln!(code, "    merchant_uid: `{id}-${{Date.now()}}`,");
        for line in lines {
            let _ = writeln!(code, "    {line},");
        }
        code + "    m_redirect_url: \"https://example.com/payments/done\",\n  },\n  (response) => {\n    \
                console.log(response.imp_uid, response.error_msg);\n  },\n);"
    }

    fn v2_customer(&self) -> String {
        format!(
            "customer: {{\n    fullName: {},\n    phoneNumber: \"02-0000-0000\",\n    email: \"buyer@example.com\",\n  }}",
            quoted(self.sample.1)
        )
    }

    fn v2(&self, function: &str, lines: &[String]) -> String {
        let mut code = format!(
            "import * as PortOne from \"@portone/browser-sdk/v2\";\n\nconst response = await PortOne.{function}({{\n  \
             storeId: \"{}\",\n  {},\n",
            self.store,
            self.channel_key()
        );
        for line in lines {
            let _ = writeln!(code, "  {line},");
        }
        code + "  redirectUrl: \"https://example.com/payments/done\",\n});"
    }
}

/// A JavaScript string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\\'], ""))
}

fn curl(path: &str, authorization: &str, lines: &[String]) -> String {
    let body = lines.join(",\n    ");
    format!(
        "curl -X POST \"$API_URL/{path}\" \\\n  -H \"Authorization: {authorization}\" \\\n  \
         -H \"Content-Type: application/json\" \\\n  -d '{{\n    {body}\n  }}'"
    )
}

/// How a buyer pays in an example: the first method of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Card,
    Transfer,
    VirtualAccount,
    Mobile,
    GiftCertificate,
    Wallet,
}

impl Method {
    fn of(module: &Module, category: Category, style: &str) -> Self {
        if category == Category::DirectWallet {
            return Self::Wallet;
        }
        let listed = module.pay_methods.iter().find(|methods| methods.style == style);
        let first = listed.and_then(|methods| methods.methods.first()).map_or("카드", String::as_str);
        let meant = [
            ("카드", Self::Card),
            ("가상계좌", Self::VirtualAccount),
            ("계좌", Self::Transfer),
            ("휴대폰", Self::Mobile),
            ("핸드폰", Self::Mobile),
            ("상품권", Self::GiftCertificate),
        ];
        meant.into_iter().find(|(word, _)| first.contains(word)).map_or(Self::Wallet, |(_, method)| method)
    }

    const fn v1(self) -> &'static str {
        match self {
            // V1 calls a direct wallet's window so, too.
            Self::Card | Self::Wallet => "card",
            Self::Transfer => "trans",
            Self::VirtualAccount => "vbank",
            Self::Mobile => "phone",
            Self::GiftCertificate => "cultureland",
        }
    }

    const fn v2(self) -> &'static str {
        match self {
            Self::Card => "CARD",
            Self::Transfer => "TRANSFER",
            Self::VirtualAccount => "VIRTUAL_ACCOUNT",
            Self::Mobile => "MOBILE",
            Self::GiftCertificate => "GIFT_CERTIFICATE",
            Self::Wallet => "EASY_PAY",
        }
    }
}
