//! A service's own API, spoken through its description: who am I, tokens, paging, error envelopes. No OAuth, no storage.
