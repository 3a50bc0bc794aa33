//! Generates the list of built-in provider descriptions, so that adding a service takes a TOML file and no Rust code. They
//! are also converted to JSON, which every command parses in a tenth of the time.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script has neither host nor vault"
)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    write_service_list()
}

fn write_service_list() -> io::Result<()> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("src/provider/builtin");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    let entry = |path: &Path| {
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
    let list: String = files.iter().map(|path| entry(path)).collect();
    fs::write(out("builtin.rs")?, format!("&[\n{list}]\n"))?;
    let json_entry = |path: &PathBuf| Ok(format!("    {:?},\n", to_json(path)?));
    let converted: io::Result<String> = files.iter().map(json_entry).collect();
    let converted = converted?;
    fs::write(out("builtin_json.rs")?, format!("&[\n{converted}]\n"))
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
