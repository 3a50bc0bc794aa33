//! What is made before the program: the list of built-in service descriptions, so that a new one costs a TOML file and
//! no line of Rust, and the choice of what the linker of this machine can do for a quick start.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script has neither host nor vault"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    write_list_of_services()?;
    if variable("PROFILE")? == "release" && variable("TARGET")? == variable("HOST")? {
        link_for_a_quick_start()?;
    }
    Ok(())
}

fn write_list_of_services() -> io::Result<()> {
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
    fs::write(out("builtin.rs")?, format!("&[\n{list}]\n"))
}

/// Each means is tried on an empty program first: what this machine's linker does not know is left out.
fn link_for_a_quick_start() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    // What unwinds; a shared library costs every start some ten page faults.
    let unwinder = "static:-bundle=gcc_eh";
    if links_and_runs(&["-l", unwinder])? {
        println!("cargo::rustc-link-lib={unwinder}");
    }
    // What a start runs, side by side; a script in benches/ writes the file.
    let order = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("start-up.ld");
    println!("cargo::rerun-if-changed={}", order.display());
    let order = format!("-Wl,-T,{}", order.display());
    // Relocations in their short form (glibc 2.36 or newer): a quarter of a megabyte less to read.
    let short = "-Wl,-z,pack-relative-relocs".to_owned();
    for argument in [order, short] {
        if links_and_runs(&[&format!("-Clink-arg={argument}")])? {
            println!("cargo::rustc-link-arg-bin=brainmaps={argument}");
        }
    }
    Ok(())
}

/// Whether an empty program links with these arguments to the compiler, and runs.
fn links_and_runs(arguments: &[&str]) -> io::Result<bool> {
    let (source, program) = (out("empty.rs")?, out("empty")?);
    fs::write(&source, "fn main() {}\n")?;
    let mut compiler = Command::new(variable("RUSTC")?);
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        compiler.arg(format!("-Clinker={linker}"));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let flags = flags.split('\x1f').filter(|flag| !flag.is_empty());
    let made = compiler
        .args(flags)
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .args(arguments)
        .output()?;
    Ok(made.status.success()
        && Command::new(&program)
            .status()
            .is_ok_and(|status| status.success()))
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn out(name: &str) -> io::Result<PathBuf> {
    Ok(Path::new(&variable("OUT_DIR")?).join(name))
}
