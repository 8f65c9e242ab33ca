//! How long a console takes to parse its catalogue at start. Limit: 5 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::catalogue::Catalogue;

fn parse(criterion: &mut Criterion) {
    criterion.bench_function("parse the catalogue", |bench| bench.iter(|| black_box(Catalogue::parse_embedded())));
}

criterion_group!(benches, parse);
criterion_main!(benches);
