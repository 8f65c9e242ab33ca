//! A channel (채널): one credential set of one module of one provider, and the rules for adding and editing it.

pub mod catalogue_change;
pub mod code;
mod form;
pub mod history;
mod mid;
mod name;
mod parse;
pub mod paste;
pub mod twin;
pub mod view;
mod warning;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use form::ChannelForm;
pub use mid::{ForeignTestMid, Mid, MidDirectory};
pub use name::ChannelName;
pub use parse::{ChannelSpec, SecretChange, Stored, cleaned, cleaned_value, parse};
pub use warning::{Warning, WarningCode, warnings};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data, URLs and APIs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use word;

word!(
    /// 연동 모드, fixed for a channel's life.
    Mode {
        /// 테스트
        Test = "test",
        /// 실연동
        Live = "live",
    }
);

word!(
    /// 채널 속성
    Purpose {
        /// 결제
        Payment = "payment",
        /// 본인인증
        Identity = "identity",
    }
);

word!(
    /// 과세설정: reference data for 결제사 정산, without effect on how a payment is taxed (채널설정방법 of every seed).
    Tax {
        /// 미설정
        None = "none",
        /// 과세
        Taxable = "taxable",
        /// 면세
        TaxFree = "tax_free",
    }
);

word!(
    /// Where a channel stands. Archived ones are kept for ever, since refunds need them.
    Status { Active = "active", Paused = "paused", Archived = "archived" }
);

word!(
    /// What the merchant will do with a channel, where that decides which fields are needed.
    Use {
        OneTime = "one_time",
        Recurring = "recurring",
        KeyedIn = "keyed_in",
        Escrow = "escrow",
        GiftCertificate = "gift_certificate",
        PhonePayment = "phone_payment",
        OpenMarketReceipt = "open_market_receipt",
        Reconciliation = "reconciliation",
        ChargebackWebhook = "chargeback_webhook",
        IdentitySdk = "identity_sdk",
        IdentityApi = "identity_api",
        V1 = "v1",
        V2 = "v2",
    }
);

impl Use {
    /// Whether a channel of this purpose can be used so.
    pub const fn fits(self, purpose: Purpose) -> bool {
        match self {
            Self::IdentitySdk | Self::IdentityApi => matches!(purpose, Purpose::Identity),
            Self::V1 | Self::V2 => true,
            _ => matches!(purpose, Purpose::Payment),
        }
    }
}

word!(
    /// Whose keys a channel uses.
    Credentials {
        /// The merchant's own.
        Own = "own",
        /// Those the PG publishes for its shared test MID: none is entered or stored.
        SharedTest = "shared_test",
    }
);
