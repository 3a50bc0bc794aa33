//! Descriptions of services that the program does not ship, against scripted servers.

mod defects;
mod fixture;
mod templates;
