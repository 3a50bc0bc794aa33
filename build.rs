//! Generates the lists of the provider descriptions that the program includes, so that adding a service takes a TOML file and
//! no Rust code. The built-in ones are also converted to JSON, which every command parses in a tenth of the time. Also tells the
//! linker to leave out what a release does not use.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script has neither host nor vault"
)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Leaves out the tables that unwinding and backtraces read.
const NO_UNWIND_TABLES: &str = "SECTIONS { /DISCARD/ : { *(.eh_frame) } } INSERT AFTER .text;\n";

/// In place of GCC's shared library, which its name shadows: the static one with the same functions.
const STATIC_UNWINDER: &str = "GROUP ( -lgcc_eh -lgcc )\n";

fn main() -> io::Result<()> {
    add_link_arguments()?;
    let built_in = find_descriptions("builtin")?;
    write_list("builtin.rs", &built_in)?;
    let json_entry = |path: &PathBuf| Ok(format!("    {:?},\n", to_json(path)?));
    let converted: io::Result<String> = built_in.iter().map(json_entry).collect();
    let converted = converted?;
    fs::write(out("builtin_json.rs")?, format!("&[\n{converted}]\n"))?;
    write_list("gallery.rs", &find_descriptions("gallery")?)?;
    write_schema()
}

/// Only the linkers that Rust uses by default on this target, LLD and GNU ld, are known to read the scripts.
fn add_link_arguments() -> io::Result<()> {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let is_target = is("CARGO_CFG_TARGET_ARCH", "x86_64")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let has_own_linker = env::var_os("RUSTC_LINKER").is_some()
        || flags
            .split('\u{1f}')
            .any(|flag| flag.trim_start_matches("-C").starts_with("link"));
    if !is_target || has_own_linker {
        return Ok(());
    }
    if is("PROFILE", "release") {
        omit_unwind_tables()?;
        return include_unwinder();
    }
    // Half of the start of an unoptimised program is its relocation, and the tests start thousands. Other flags may require it.
    if flags.is_empty() {
        add_link_argument("-no-pie");
    }
    Ok(())
}

/// A release aborts on a panic and has no symbols, but the compiler emits tables for unwinding, an eighth of the program, because
/// the standard library has debug information. Without them, the unwinder aborts if it is asked for a backtrace: no code of a
/// release may capture one (Cargo.toml, `anyhow`).
fn omit_unwind_tables() -> io::Result<()> {
    let script = out("no-unwind-tables.ld")?;
    fs::write(&script, NO_UNWIND_TABLES)?;
    add_link_argument("-Wl,--no-eh-frame-hdr");
    add_link_argument(&format!("-T{}", script.display()));
    Ok(())
}

/// The standard library refers to the unwinder, so that each start would load a shared library that a release does not use: a
/// tenth of the time of `--version`.
fn include_unwinder() -> io::Result<()> {
    let library = out("libgcc_s.so")?;
    fs::write(&library, STATIC_UNWINDER)?;
    add_link_argument(&format!("-L{}", variable("OUT_DIR")?));
    Ok(())
}

fn add_link_argument(argument: &str) {
    println!("cargo::rustc-link-arg-bin=brainmaps={argument}");
}

/// Writes the JSON schema of the descriptions without white space.
fn write_schema() -> io::Result<()> {
    let root = variable("CARGO_MANIFEST_DIR")?;
    let file = Path::new(&root).join("docs/reference/provider.schema.json");
    println!("cargo::rerun-if-changed={}", file.display());
    let schema: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    fs::write(out("provider.schema.json")?, schema.to_string())
}

/// Returns the descriptions in a folder below `src/provider`, sorted.
fn find_descriptions(folder: &str) -> io::Result<Vec<PathBuf>> {
    let root = variable("CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&root).join("src/provider").join(folder);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    Ok(files)
}

/// Writes a Rust list of ids and texts.
fn write_list(name: &str, files: &[PathBuf]) -> io::Result<()> {
    let entry = |path: &PathBuf| {
        let id = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        format!(
            "    ({id:?}, include_str!({:?})),\n",
            path.display().to_string()
        )
    };
    let list: String = files.iter().map(entry).collect();
    fs::write(out(name)?, format!("&[\n{list}]\n"))
}

/// Returns the JSON text of a description.
fn to_json(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path)?;
    let table: toml::Table = text.parse().map_err(io::Error::other)?;
    serde_json::to_string(&table).map_err(io::Error::other)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn out(name: &str) -> io::Result<PathBuf> {
    Ok(Path::new(&variable("OUT_DIR")?).join(name))
}
