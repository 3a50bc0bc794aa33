//! The outside world: clock, browser, environment, terminal, paths. No decisions.
