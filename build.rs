//! Generates the lists of the provider descriptions that the program includes, so that adding a service takes a TOML file and
//! no Rust code. The built-in ones are also converted to JSON, which every command parses in a tenth of the time.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script has neither host nor vault"
)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let built_in = find_descriptions("builtin")?;
    write_list("builtin.rs", &built_in)?;
    let json_entry = |path: &PathBuf| Ok(format!("    {:?},\n", to_json(path)?));
    let converted: io::Result<String> = built_in.iter().map(json_entry).collect();
    let converted = converted?;
    fs::write(out("builtin_json.rs")?, format!("&[\n{converted}]\n"))?;
    write_list("gallery.rs", &find_descriptions("gallery")?)?;
    write_schema()
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
