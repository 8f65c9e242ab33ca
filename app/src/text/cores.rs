//! What pages say of payment cores.

use domain::receipt::{NodeReceipt, Receipt, SecretRead};

use super::{Lang, kst};

/// `코어 2/2 적용 · 0.4초`; `None` when none counts.
pub fn receipt_text(lang: Lang, receipt: &Receipt) -> Option<String> {
    let (alive, applied) = (receipt.alive().count(), receipt.alive().filter(|node| node.applied).count());
    let took = receipt.took_ms().filter(|_| receipt.is_complete()).map(|ms| format!(" · {}", duration(lang, ms)));
    let took = took.unwrap_or_default();
    (alive > 0).then(|| match lang {
        Lang::Ko => format!("코어 {applied}/{alive} 적용{took}"),
        Lang::En => format!("{applied} of {alive} cores have it{took}"),
    })
}

/// What is to be said of one core beside that; nothing of one that counts and has the change.
pub fn node_text(lang: Lang, node: &NodeReceipt) -> Option<String> {
    let NodeReceipt { name, alive, applied, behind, last_ack_at, .. } = node;
    match (lang, alive, applied) {
        (_, true, true) => None,
        (Lang::Ko, true, false) => Some(format!("{name}: 아직 적용하지 않았습니다 (이벤트 {behind}건 남음)")),
        (Lang::En, true, false) => Some(format!("{name}: not yet ({behind} events to go)")),
        (Lang::Ko, false, _) => Some(format!("{name}: 응답이 없습니다 (마지막 확인 {})", kst(*last_ack_at))),
        (Lang::En, false, _) => Some(format!("{name}: silent (last seen {})", kst(*last_ack_at))),
    }
}

/// Who read the secrets when and how often.
pub fn secret_read_text(lang: Lang, read: &SecretRead) -> String {
    let SecretRead { minute, core, node, count } = read;
    let who = if node.is_empty() { core.clone() } else { format!("{core} ({node})") };
    match lang {
        Lang::Ko => format!("{} · {who} · {count}회", kst(*minute)),
        Lang::En if *count == 1 => format!("{} · {who} · once", kst(*minute)),
        Lang::En => format!("{} · {who} · {count} times", kst(*minute)),
    }
}

fn duration(lang: Lang, ms: i64) -> String {
    let (second, minute) = match lang {
        Lang::Ko => ("초", "분"),
        Lang::En => (" s", " min"),
    };
    match ms {
        ..10_000 => format!("{}.{}{second}", ms / 1000, ms % 1000 / 100),
        10_000..60_000 => format!("{}{second}", ms / 1000),
        _ => format!("{}{minute}", ms / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, alive: bool, applied: bool, took_ms: Option<i64>) -> NodeReceipt {
        NodeReceipt { name: name.to_owned(), alive, applied, took_ms, behind: 3, last_ack_at: 0 }
    }

    #[test]
    fn all_that_count_have_it_and_the_slowest_is_told() {
        let silent = node("c", false, false, None);
        let receipt =
            Receipt { nodes: vec![node("a", true, true, Some(120)), node("b", true, true, Some(430)), silent] };
        assert_eq!(receipt_text(Lang::Ko, &receipt).as_deref(), Some("코어 2/2 적용 · 0.4초"));
        assert_eq!(receipt_text(Lang::En, &receipt).as_deref(), Some("2 of 2 cores have it · 0.4 s"));
    }

    #[test]
    fn who_lags_is_named() {
        let lagging = node("seoul-2", true, false, None);
        let receipt = Receipt { nodes: vec![node("seoul-1", true, true, Some(120)), lagging.clone()] };
        assert_eq!(receipt_text(Lang::Ko, &receipt).as_deref(), Some("코어 1/2 적용"));
        assert!(node_text(Lang::Ko, &lagging).is_some_and(|text| text.starts_with("seoul-2: ")));
        assert_eq!(receipt_text(Lang::Ko, &Receipt::default()), None);
    }

    #[test]
    fn longer_times_are_told_more_roughly() {
        let told = [0, 49, 9_999, 10_000, 59_999, 60_000, 3_600_000].map(|ms| duration(Lang::Ko, ms));
        assert_eq!(told, ["0.0초", "0.0초", "9.9초", "10초", "59초", "1분", "60분"]);
    }
}
