//! Chance that repeats: the demo looks lived in, and looks the same every time it is made.

/// SplitMix64. Give each part its own seed, so that a change in one part leaves the others as they are.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` up to and including `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        debug_assert!(low <= high);
        let width = (high - low) as u64 + 1;
        low + (self.next() % width) as i64
    }

    /// True in `percent` of a hundred throws.
    pub(crate) fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of these, each as likely.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.between(0, of.len() as i64 - 1) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_throws_within_bounds() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            (0..1000).map(|_| dice.between(-3, 3)).collect::<Vec<_>>()
        };
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        assert!(throws(1).iter().all(|n| (-3..=3).contains(n)));
        assert!((-3..=3).all(|n| throws(1).contains(&n)));
    }
}
