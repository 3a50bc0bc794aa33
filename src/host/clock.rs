//! What time it is.

use jiff::Timestamp;

/// Tells the wall-clock time. Closures are clocks, which is what tests use: `|| moment`.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
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
    fn a_closure_is_a_clock() {
        let clock: &dyn Clock = &|| Timestamp::UNIX_EPOCH;
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        assert!(SystemClock.now() > Timestamp::UNIX_EPOCH);
    }
}
