//! Credential helpers: the real program answers other programs.

mod git;
mod print_formats;
mod protocols;
