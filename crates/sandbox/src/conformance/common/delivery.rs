//! The responses that the browser of a case sends to the client, and its observations.

/// A response that the browser sends to the redirect URI.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    /// How it differs from the response of the server.
    pub(crate) edits: &'static [Edit],
    pub(crate) address: Address,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Edit {
    Without(&'static str),
    Set(&'static str, &'static str),
    /// Appends to the value.
    Append(&'static str, &'static str),
}

/// Where the browser connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Address {
    /// The host of the redirect URI.
    Host,
    /// Another address of this machine, where only a listener on all interfaces accepts.
    Other,
}

/// What the browser observed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visit {
    /// The authorization URL; `None` if the client showed none.
    pub(crate) url: Option<String>,
    /// The authorization URLs that the client showed after that one; the browser does not open them.
    pub(crate) later_urls: Vec<String>,
    /// The response of the server to it; `None` if it was a page instead.
    pub(crate) redirect: Option<String>,
    /// The client did not listen when the browser arrived.
    pub(crate) was_refused: bool,
    /// One entry for each delivery: whether the client accepted the connection.
    pub(crate) delivered: Vec<bool>,
    /// The client still accepted connections after the last delivery.
    pub(crate) is_still_listening: bool,
}
