//! The wall clock.

use jiff::Timestamp;

/// Closures implement it, so tests can pass `|| timestamp`.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the seam that everything else takes the time from"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl<F: Fn() -> Timestamp + Send + Sync> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closure_implements_clock() {
        let clock: &dyn Clock = &|| Timestamp::UNIX_EPOCH;
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        assert!(SystemClock.now() > Timestamp::UNIX_EPOCH);
    }
}
