//! Credentials at rest: index, secret files, locks, atomic writes. Never the network.
