//! Credential helpers: the real program answers other programs.

mod git;
mod install;
mod links;
mod print_formats;
mod profiles;
mod protocols;
