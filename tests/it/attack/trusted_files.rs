//! Trusted files: links, pipes, foreign owners and permissive modes are refused, also for root.
