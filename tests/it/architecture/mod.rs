//! Rules for the source and the documents. Each failure names the fix.

#[cfg(all(feature = "sandbox", feature = "tui", feature = "keyring"))]
mod completions;
mod conformance;
mod conformance_rules;
mod cycles;
#[cfg(all(feature = "sandbox", feature = "tui", feature = "keyring"))]
mod help_texts;
mod imports;
mod markdown;
mod reference_docs;
mod scripts;
mod signatures;
mod size_limits;
mod source;
mod words;
