//! Use-cases from end to end, in process: real vault, real HTTP client, the sandbox or scripted servers behind it, time
//! that is paused. Every request is on record.

mod confinement;
mod identity;
mod keys;
mod login;
mod logout;
mod lost;
mod nonsense;
mod own_logins;
mod own_refresh;
mod paging;
mod races;
mod refusals;
mod remembered;
mod renewal;
mod rotate;
mod selection;
mod servers;
mod stage;
mod standing;
mod tokens;
mod verbs;
mod wire;
