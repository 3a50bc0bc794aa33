//! What a user would notice of the interface, without a terminal: every key in every place, every screen in three sizes.

mod answers;
mod env_files;
mod fixture;
mod keys;
mod manual;
mod pictures;
mod rotation;
mod windows;
