//! The sandbox, asked in process through its own router: every answer the documentation promises.

mod basic_memory;
mod basira;
mod brainmaps;
mod brainpercent;
mod device_flow;
mod door;
mod neuroio;
mod oauth_errors;
mod page;
mod services;
mod sessions;
mod state;
mod world;
