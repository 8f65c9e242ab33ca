//! Every route, asked by everybody, against one table.

pub mod asked;
pub mod people;
mod routes;
pub mod table;
mod tenants;

use asked::{Kind, Outcome, asked, expected, ids_for};
use people::{Principal, World};
use table::{Need, Row, TABLE};

use crate::support::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_everybody_as_the_table_says() {
    let mut world = World::new().await;
    let (mut cells, mut wrong) = (0, Vec::new());
    let (first, last): (Vec<&Row>, Vec<&Row>) = TABLE.iter().partition(|row| !row.is_last);
    for row in first.into_iter().chain(last) {
        let mut nobodys = None;
        for principal in Principal::all() {
            if row.is_last {
                world.log_in_again(principal).await;
            }
            let ids = ids_for(&world, row, principal).await;
            let answer = asked(&world, row, principal, &ids).await;
            cells += 1;
            // Nobody's answer is anybody else's, and none is found again by 뒤로 after the log-out.
            if answer.headers.get("cache-control").is_none_or(|value| value != "no-store") {
                wrong.push(format!("{} as {principal:?} may be kept: {:?}", row.route, answer.headers));
            }
            if row.need == Need::Nothing {
                let status = *nobodys.get_or_insert(answer.status);
                if answer.status != status || status.is_server_error() {
                    wrong.push(format!("{} as {principal:?}: {}, nobody gets {status}", row.route, answer.status));
                }
                continue;
            }
            let (is, should) = (answer.outcome(row.kind()), expected(row, principal));
            if is != Ok(should) {
                wrong.push(format!("{} {} as {principal:?}: {is:?}, not {should:?}", row.route, row.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    println!("{cells} cells: {} requests by {} people and programs", TABLE.len(), Principal::all().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_merchants_is_answered_like_what_is_nowhere() {
    let world = World::new().await;
    let (ours, nowhere) = (&world.ours.ids, world.ours.ids.of_nobody());
    let mut compared = 0;
    for row in TABLE.iter().filter(|row| row.names_ids() && !matches!(row.need, Need::Core(_))) {
        let stranger = if row.kind() == Kind::Program { Principal::OtherSecret } else { Principal::OtherOwner };
        let foreign = asked(&world, row, stranger, ours).await;
        let unknown = asked(&world, row, stranger, &nowhere).await;
        assert_ne!(foreign.outcome(row.kind()), Ok(Outcome::Answered), "{} {}", row.route, row.body);
        assert_eq!(foreign.masked(ours), unknown.masked(&nowhere), "{} {}", row.route, row.body);
        assert!(!foreign.body.contains(world.ours.word), "{}", row.route);
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
}

/// Signing up is not enough, and an unverified person's login makes no session.
#[tokio::test]
async fn whoever_has_not_followed_the_mail_gets_no_session() {
    let world = World::new().await;
    let form = "form[email]=pending@example.com&form[password]=wide-lamp-eleven-rivers&next=";
    let answer = world.console.submit("/api/accounts/log-in", form).await;
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert!(!cookies.iter().any(|cookie| cookie.as_bytes().starts_with(b"sid=")), "{cookies:?}");
}

/// What a form does not ask for cannot be said in it either: no role, no merchant, no state.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_no_form_has_change_nothing() {
    const MORE: &str = "&role=owner&form[role]=owner&consents[role]=owner&form[verified_at]=1&form[merchant_id]=x\
                        &merchant_id=x&about[merchant_id]=x&about[status]=archived&form[status]=archived&form[version]=7";
    let world = World::new().await;
    let console = &world.console;
    let token = world.an_invited("modest@example.com", "viewer").await;
    let form = format!(
        "token={token}&form[password]={PASSWORD}&form[password_again]={PASSWORD}&consents[terms]=on&consents[privacy]=on{MORE}"
    );
    let joined = console.submit("/api/team/accept", &form).await;
    assert_eq!(crate::support::header_of(&joined, "location"), "/login?done=joined");
    let role = "SELECT role FROM members WHERE email = 'modest@example.com'";
    assert_eq!(console.texts(role).await, ["viewer"]);
    let eager = format!(
        "form[email]=eager@example.com&form[password]={PASSWORD}&form[password_again]={PASSWORD}&form[terms]=on&form[privacy]=on{MORE}"
    );
    console.submit("/api/accounts/sign-up", &eager).await;
    assert_eq!(console.texts("SELECT role FROM members WHERE email = 'eager@example.com'").await, [""; 0]);

    let add = TABLE.iter().find(|row| row.name() == "POST /api/channels/add").expect("a row");
    let mut ids = world.ours.ids.clone();
    ids.store.push_str(MORE);
    let added = asked(&world, add, Principal::Member(domain::member::Role::Dev), &ids).await;
    assert_eq!(added.outcome(Kind::Function), Ok(Outcome::Answered), "{}", added.body);
    let newest = "SELECT status || ' ' || current_version || ' ' || (merchant_id = (SELECT merchant_id FROM members WHERE \
                  email = 'kim@example.com')) FROM channels ORDER BY created_at DESC, rowid DESC LIMIT 1";
    assert_eq!(console.texts(newest).await, ["active 1 1"]);
}
