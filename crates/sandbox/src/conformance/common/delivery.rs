//! What the browser of a case sends to the client, and what it observed.

/// A response that the browser sends to the redirect URI.
#[derive(Debug, Clone, Copy)]
pub(in crate::conformance) struct Delivery {
    /// How it differs from the response of the server.
    pub(in crate::conformance) edits: &'static [Edit],
    pub(in crate::conformance) address: Address,
}

#[derive(Debug, Clone, Copy)]
pub(in crate::conformance) enum Edit {
    Without(&'static str),
    Set(&'static str, &'static str),
    /// Appends to the value.
    Append(&'static str, &'static str),
}

/// Where the browser connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::conformance) enum Address {
    /// The host of the redirect URI.
    Host,
    /// Another address of this machine, where only a listener on all interfaces accepts.
    Other,
}

/// What the browser observed.
#[derive(Debug, Clone, Default)]
pub(in crate::conformance) struct Visit {
    /// The authorization URL; `None` if the client showed none.
    pub(in crate::conformance) url: Option<String>,
    /// The response of the server to it; `None` if it was a page instead.
    pub(in crate::conformance) redirect: Option<String>,
    /// The client did not listen when the browser arrived.
    pub(in crate::conformance) was_refused: bool,
    /// One entry for each delivery: whether the client accepted the connection.
    pub(in crate::conformance) delivered: Vec<bool>,
    /// The client still accepted connections after that.
    pub(in crate::conformance) is_still_listening: bool,
}
