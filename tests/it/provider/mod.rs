//! The commands that help to write, check, try and add a description of a service.

mod gallery;
