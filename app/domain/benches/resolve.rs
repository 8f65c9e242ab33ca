//! How long the reference core takes to find a channel in memory, of 100,000 with ten merchants. Limit: 2 µs.

#[path = "../../../server/examples/payment_core/memory.rs"]
#[expect(dead_code, reason = "a payment core does more than find channels")]
mod memory;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use memory::{Asked, Memory};
use serde_json::json;

const MERCHANTS: u32 = 10;
const CHANNELS: u32 = 10_000;

fn everything() -> Memory {
    let memory = Memory::default();
    memory.change(|state| {
        for merchant in 0..MERCHANTS {
            let store = json!({ "storeId": id("store", merchant, 0), "impCode": imp_code(merchant), "primaryStore": true });
            state.put_store(serde_json::from_value(store).expect("a store"));
            for number in 0..CHANNELS {
                let channel = json!({
                    "channelKey": id("channel-key", merchant, number), "version": 1, "impCode": imp_code(merchant),
                    "storeId": id("store", merchant, 0), "mode": "live", "status": "active", "provider": "smartro",
                    "module": "smartro_v2", "pgCode": if number == 0 { "smartro_v2" } else { "ksnet" },
                    "apiVersions": ["V1", "V2"], "purpose": "payment", "mid": format!("m{number}m"), "fields": {},
                    "secrets": { "merchant_key": "key", "cancel_password": "123456" }, "createdAt": "2026-01-01T00:00:00Z",
                });
                state.put(serde_json::from_value(channel).expect("a channel"));
            }
        }
    });
    memory
}

fn imp_code(merchant: u32) -> String {
    format!("imp{merchant:08}")
}

fn id(kind: &str, merchant: u32, number: u32) -> String {
    format!("{kind}-{:08x}-0000-4000-8000-{number:012x}", merchant + 1)
}

fn resolve(criterion: &mut Criterion) {
    let memory = everything();
    let (imp_code, store, key) = (imp_code(7), id("store", 7, 0), id("channel-key", 7, 4_321));
    let cases = [
        ("V1, code and MID", Asked::V1Pg { imp_code: &imp_code, pg: "ksnet.m4321m" }),
        ("V1, a code with one channel", Asked::V1Pg { imp_code: &imp_code, pg: "smartro_v2" }),
        ("V1, channel key", Asked::V1Key { imp_code: &imp_code, key: &key }),
        ("V2", Asked::V2 { store_id: &store, key: &key }),
    ];
    for (name, asked) in cases {
        assert!(memory.resolve(&asked).is_ok(), "{name}");
        criterion.bench_function(name, |bench| bench.iter(|| black_box(memory.resolve(black_box(&asked)))));
    }
}

criterion_group!(benches, resolve);
criterion_main!(benches);
