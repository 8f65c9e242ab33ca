//! Pages in front of the login.

mod frame;
mod legal;
mod log_in;
mod resend;
mod sign_up;
mod verify;

pub use legal::{PrivacyPage, TermsPage};
pub use log_in::LogInPage;
pub use resend::ResendPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyPage;
