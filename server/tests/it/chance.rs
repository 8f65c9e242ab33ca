//! Chance that can be had again: what a seed gives, it gives each time.

/// A small generator (splitmix64); good enough to choose with.
pub struct Chance(u64);

impl Chance {
    /// By `CONSOLE_TEST_SEED`, which a failing test tells.
    pub fn new() -> Self {
        let seed = crate::support::times("CONSOLE_TEST_SEED", 6);
        eprintln!("CONSOLE_TEST_SEED={seed}");
        Self(seed as u64)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.number() % bound.max(1) as u64).expect("below a usize")
    }

    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.number().to_le_bytes()[0]).collect()
    }
}
