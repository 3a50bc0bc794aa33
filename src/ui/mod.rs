//! Rendering: the only writer of streams.
