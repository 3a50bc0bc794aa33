//! Folders of one layer, and files of one folder, must not import each other in a cycle: a reader then understands each from
//! those it imports.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, expect_none, sources};

/// Cycles of folders that remain, each as its folders in order. Delete the line of a cycle that is gone.
const KNOWN_CYCLES: &[&str] = &[];

/// Cycles of files that remain, each as its folder and the files in order. Delete the line of a cycle that is gone.
const KNOWN_FILE_CYCLES: &[&str] =
    &["src/actions: api_base, context, routing, session, target, workload_sessions"];

/// Long enough for a name that is re-exported through every folder above it.
const MAX_REEXPORTS: u32 = 8;

/// Each node with those that it imports.
type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The modules of the package and of the crates beside it. A module is named by its path without `.rs` and `/mod.rs`.
struct Modules<'a> {
    sources: BTreeMap<String, &'a Source>,
    /// The names that each module imports or re-exports, with their paths.
    imported: BTreeMap<String, BTreeMap<String, String>>,
}

/// A path that a file names, and whether a `pub use` only passes it on.
struct Import {
    path: String,
    is_reexport: bool,
}

impl<'a> Modules<'a> {
    fn new(sources: &[&'a Source]) -> Self {
        let imported = sources.iter().map(|source| {
            let paths = use_declarations(&source.code).into_iter();
            let names = paths.map(|import| (last_name(&import.path).to_owned(), import.path));
            (module_of(&source.path), names.collect())
        });
        Self {
            imported: imported.collect(),
            sources: sources
                .iter()
                .map(|source| (module_of(&source.path), *source))
                .collect(),
        }
    }

    /// Returns the module that defines what `path` names in `module`, or `None` for another crate's.
    fn resolve(&self, module: &str, path: &str, reexports: u32) -> Option<String> {
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let is_child = self.sources.contains_key(&format!("{module}/{first}"));
        let is_imported = self.imported[module].contains_key(first) && reexports > 0;
        match first {
            "crate" => self.descend(&crate_root(module), rest, reexports),
            "self" => self.descend(module, rest, reexports),
            "super" => self.descend(parent(module), rest, reexports),
            _ if is_child || is_imported => self.descend(module, path, reexports),
            _ => None,
        }
    }

    fn descend(&self, module: &str, path: &str, reexports: u32) -> Option<String> {
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let child = format!("{module}/{first}");
        if first == "super" {
            return self.descend(parent(module), rest, reexports);
        }
        if !path.is_empty() && self.sources.contains_key(&child) {
            return self.descend(&child, rest, reexports);
        }
        let imported = self.imported.get(module)?.get(first);
        match imported.filter(|_| reexports < MAX_REEXPORTS) {
            Some(path) => self.resolve(module, path, reexports + 1),
            None => Some(module.to_owned()),
        }
    }

    /// Returns each folder with the folders of its layer that it imports.
    fn folders(&self) -> Graph<'_> {
        self.graph(|source| parent(&source.path), |a, b| a.module == b.module)
    }

    /// Returns each file with the files of its folder that it imports.
    fn files(&self) -> Graph<'_> {
        let is_inside = |a: &Source, b: &Source| parent(&a.path) == parent(&b.path);
        self.graph(|source| &source.path, is_inside)
    }

    /// Returns the imports between nodes, without re-exports. A source belongs to the node that `node_of` returns.
    fn graph(
        &self,
        node_of: fn(&Source) -> &str,
        is_inside: impl Fn(&Source, &Source) -> bool,
    ) -> Graph<'_> {
        let mut graph = Graph::new();
        for (module, source) in &self.sources {
            let from = node_of(source);
            let imports = imports_of(&source.code).into_iter();
            for import in imports.filter(|import| !import.is_reexport) {
                let target = self.resolve(module, &import.path, 0);
                let Some(target) = target.and_then(|target| self.sources.get(&target)) else {
                    continue;
                };
                let to = node_of(target);
                if to != from && is_inside(source, target) {
                    graph.entry(from).or_default().insert(to);
                }
            }
        }
        graph
    }
}

fn module_of(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    let is_root = |name: &&str| ["mod", "main", "lib"].contains(name);
    let last = path.rsplit('/').next().filter(is_root);
    last.map_or(path, |_| parent(path)).to_owned()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn crate_root(module: &str) -> String {
    let end = module.find("src").map_or(0, |at| at + "src".len());
    module[..end].to_owned()
}

fn last_name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Every path that `code` imports, and those that it writes out in an expression or a type.
fn imports_of(code: &str) -> Vec<Import> {
    let mut imports = use_declarations(code);
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let is_path_start =
                !code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
            let path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let path: String = code[at..].chars().take_while(|c| path(*c)).collect();
            // What ends with a brace or an asterisk is a `use`, which is read above.
            if is_path_start && !path.ends_with(':') {
                imports.push(Import {
                    path,
                    is_reexport: code[..at].ends_with("pub use "),
                });
            }
        }
    }
    imports
}

/// The paths of all `use` declarations, one for each name.
fn use_declarations(code: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut statement = String::new();
    for line in code.lines().map(str::trim) {
        let is_start =
            line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ");
        if !is_start && statement.is_empty() {
            continue;
        }
        statement.push_str(line);
        if !line.ends_with(';') {
            continue;
        }
        let (head, tree) = statement.split_once("use ").unwrap();
        let mut paths = Vec::new();
        expand("", tree.trim_end_matches(';'), &mut paths);
        let is_reexport = head.starts_with("pub");
        imports.extend(paths.into_iter().map(|path| Import { path, is_reexport }));
        statement.clear();
    }
    imports
}

/// Expands `a::{b, c::{d, e}}` to `a::b`, `a::c::d` and `a::c::e`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    if let Some((head, group)) = tree.split_once('{') {
        let group = group.strip_suffix('}').unwrap_or(group);
        for member in members(group) {
            expand(&format!("{prefix}{head}"), member, paths);
        }
        return;
    }
    let tree = tree.split(" as ").next().unwrap_or(tree);
    let path = format!("{prefix}{tree}");
    let path = path.trim_end_matches("::self").trim_end_matches("::*");
    if !tree.is_empty() {
        paths.push(path.to_owned());
    }
}

fn members(group: &str) -> Vec<&str> {
    let mut depth = 0;
    group
        .split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        })
        .collect()
}

/// Returns the nodes that import each other, directly or through others.
fn cycles<'a>(graph: &Graph<'a>) -> BTreeSet<Vec<&'a str>> {
    let reachable = |from: &'a str| {
        let mut found = BTreeSet::new();
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            let next = graph.get(node).into_iter().flatten();
            open.extend(next.filter(|next| found.insert(**next)));
        }
        found
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = graph.keys().map(|it| (*it, reachable(it))).collect();
    let cycle = |from: &&'a str| -> Vec<&'a str> {
        let through = all[from]
            .iter()
            .filter(|it| all.get(*it).is_some_and(|back| back.contains(from)));
        through.copied().collect()
    };
    graph
        .keys()
        .map(cycle)
        .filter(|cycle| cycle.len() > 1)
        .collect()
}

/// Describes the cycles that are not `known`, and the known ones that are gone. `name` is the line of a known cycle.
fn differences<'k>(
    graph: &Graph<'_>,
    known: impl IntoIterator<Item = &'k str>,
    name: impl Fn(&[&str]) -> String,
) -> Vec<String> {
    let known: BTreeSet<&str> = known.into_iter().collect();
    let found = cycles(graph);
    let names: BTreeSet<String> = found.iter().map(|cycle| name(cycle)).collect();
    let new = found.iter().filter(|cycle| !known.contains(&*name(cycle)));
    let new = new.map(|cycle| {
        let arrows = cycle.iter().flat_map(|from| {
            let inside = graph[from].iter().filter(move |to| cycle.contains(to));
            inside.map(move |to| format!("{from} -> {to}"))
        });
        let arrows: Vec<String> = arrows.collect();
        format!("{} import each other: {}", name(cycle), arrows.join("; "))
    });
    let gone = known.iter().filter(|line| !names.contains(**line));
    let gone = gone.map(|line| format!("no cycle any more, delete its line: {line}"));
    new.chain(gone).collect()
}

#[test]
fn folders_of_a_layer_do_not_import_each_other_in_a_cycle() {
    let sources: Vec<_> = sources().collect();
    let modules = Modules::new(&sources);
    let faults = differences(&modules.folders(), KNOWN_CYCLES.iter().copied(), |cycle| {
        cycle.join(", ")
    });
    expect_none(
        &faults,
        "move what both folders need into a third that neither is imported by",
    );
}

#[test]
fn files_of_a_folder_do_not_import_each_other_in_a_cycle() {
    let sources: Vec<_> = sources().collect();
    let modules = Modules::new(&sources);
    let faults = differences(
        &modules.files(),
        KNOWN_FILE_CYCLES.iter().copied(),
        file_cycle,
    );
    expect_none(
        &faults,
        "move the type that both files need into a file of its own",
    );
}

/// Returns the folder and the names of the files, such as `src/scan: literals, rules`.
fn file_cycle(paths: &[&str]) -> String {
    let stem = |path: &&str| last_part(path).trim_end_matches(".rs").to_owned();
    let names: Vec<String> = paths.iter().map(stem).collect();
    format!("{}: {}", parent(paths[0]), names.join(", "))
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[test]
fn import_paths_are_read_from_use_trees_and_expressions() {
    let code = "use crate::a::{B, c::{self, D as E}};\npub use d::F;\nlet x = super::g::h(1);\n";
    let paths: Vec<String> = imports_of(code).into_iter().map(|it| it.path).collect();
    assert_eq!(
        paths,
        [
            "crate::a::B",
            "crate::a::c",
            "crate::a::c::D",
            "d::F",
            "super::g::h"
        ]
    );
}

#[test]
fn known_cycle_that_is_gone_is_reported() {
    let graph = [("d/a.rs", ["d/b.rs"]), ("d/b.rs", ["d/a.rs"])];
    let graph = graph.map(|(from, to)| (from, to.into_iter().collect()));
    let graph = graph.into_iter().collect();
    let known = ["d: a, b"];
    assert_eq!(differences(&graph, known, file_cycle), [""; 0]);
    let new = "d: a, b import each other: d/a.rs -> d/b.rs; d/b.rs -> d/a.rs";
    assert_eq!(differences(&graph, [], file_cycle), [new]);
    let gone = "no cycle any more, delete its line: d: a, b";
    assert_eq!(differences(&Graph::new(), known, file_cycle), [gone]);
}

#[test]
fn cycle_through_a_third_folder_is_found() {
    let folders = [("a", ["b"]), ("b", ["c"]), ("c", ["a"]), ("d", ["a"])];
    let folders = folders
        .map(|(from, to)| (from, to.into_iter().collect()))
        .into_iter()
        .collect();
    assert_eq!(cycles(&folders), BTreeSet::from([vec!["a", "b", "c"]]));
}
