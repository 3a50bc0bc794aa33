//! A sandbox with three owners of tokens: each list has another length, and none disturbs another.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::raw::Raw;
use super::support::measure::{Case, NO_INPUT};
use super::support::server::{BRAINMAPS, Server, brainmaps};

/// As many at once as `token revoke` has.
const AT_ONCE: &str = "8";

/// What `xargs` over `curl` can give to one `curl`, which then keeps its connection.
const BATCH: &str = "25";

/// The service's page.
const PAGE: usize = 20;

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The program.
    Mine,
    /// `xargs -P 8` over `curl`, a process a call.
    Curl,
    /// The same with 25 calls a process.
    Batched,
    /// A process a call, one after the other.
    Loop,
}

impl By {
    pub(crate) const ALL: [Self; 3] = [Self::Mine, Self::Curl, Self::Batched];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mine => "brainmaps",
            Self::Curl => "xargs -P 8 curl",
            Self::Batched => "xargs -P 8 -n 25 curl",
            Self::Loop => "curl in a loop",
        }
    }
}

pub(crate) struct Fixture {
    home: TempDir,
    sandbox: Server,
    raw: Raw,
}

/// Whoever a key belongs to, and how many tokens that owner has.
pub(crate) struct Owner {
    pub(crate) key: String,
    pub(crate) tokens: usize,
}

impl Fixture {
    pub(crate) fn set() -> Result<Self> {
        let home = TempDir::with_prefix("brainmaps-bench-")?;
        let serve = brainmaps(
            home.path(),
            &["sandbox", "serve", "--port", "0", "--memory"],
        );
        let sandbox = Server::start(serve, "http://localhost:")?;
        let raw = Raw::connect(&sandbox.url)?;
        Ok(Self { home, sandbox, raw })
    }

    /// The account and its two spaces, with the most, fewer and the fewest tokens: the first of each is the key itself.
    pub(crate) fn owners(&mut self, sizes: [usize; 3]) -> Result<[Owner; 3]> {
        let login = json!({ "username": "demo@brainmaps.test", "password": "demo" });
        let login = self.raw.post("/neuroio/v1/auth/token/", None, &login)?;
        let account = text(&login["token"]["key"])?;
        let mut keys = [account.clone(), String::new(), String::new()];
        for (space, key) in keys.iter_mut().enumerate().skip(1) {
            let path = format!("/neuroio/v1/spaces/{space}/tokens/");
            let made = self
                .raw
                .post(&path, Some(&account), &json!({ "permanent": true }))?;
            *key = text(&made["key"])?;
        }
        for (key, size) in keys.iter().zip(sizes) {
            self.make(key, size - 1)?;
        }
        let mut owners = keys.into_iter().zip(sizes);
        let mut next = || {
            let (key, tokens) = owners.next().context("three owners")?;
            Ok::<_, anyhow::Error>(Owner { key, tokens })
        };
        Ok([next()?, next()?, next()?])
    }

    /// Makes `count` more tokens; their ids.
    pub(crate) fn make(&mut self, key: &str, count: usize) -> Result<Vec<String>> {
        let body = json!({ "permanent": false });
        (0..count)
            .map(|_| {
                let made = self.raw.post("/neuroio/v1/tokens/", Some(key), &body)?;
                Ok(made["id"].to_string())
            })
            .collect()
    }

    /// Every page of the owner's list.
    pub(crate) fn list(&self, owner: &Owner, by: By) -> Result<Case> {
        if by == By::Mine {
            return Ok(self.mine(owner, &["token", "list", "--all"]));
        }
        let pages = (0..owner.tokens).step_by(PAGE);
        let urls = pages.map(|at| format!("?limit={PAGE}&offset={at}"));
        self.curl(owner, by, &[], urls)
    }

    /// Every page of the owner's list, as JSON.
    pub(crate) fn pages(&self, owner: &Owner) -> Case {
        self.mine(owner, &["api", "--paginate", "/v1/tokens/"])
    }

    /// The first page.
    pub(crate) fn one_page(&self, owner: &Owner) -> Case {
        self.mine(owner, &["token", "list"])
    }

    /// The end of the tokens `ids`.
    pub(crate) fn revoke(&self, owner: &Owner, ids: &[String], by: By) -> Result<Case> {
        if by == By::Mine {
            let words = ["token", "revoke", "--yes"].into_iter();
            let words: Vec<&str> = words.chain(ids.iter().map(String::as_str)).collect();
            return Ok(self.mine(owner, &words));
        }
        let urls = ids.iter().map(|id| format!("{id}/"));
        self.curl(owner, by, &["-X", "DELETE"], urls)
    }

    fn mine(&self, owner: &Owner, arguments: &[&str]) -> Case {
        let url = format!("{}/neuroio", self.sandbox.url);
        let words = ["--profile", "neuroio", "--api-url", &url];
        self.case(
            By::Mine,
            Path::new(BRAINMAPS),
            words.iter().chain(arguments),
            &[("NEUROIO_API_KEY", &owner.key)],
        )
    }

    fn curl(
        &self,
        owner: &Owner,
        by: By,
        more: &[&str],
        calls: impl Iterator<Item = String>,
    ) -> Result<Case> {
        let (file, path) = tempfile::NamedTempFile::new_in(self.home.path())?.keep()?;
        let mut file = std::io::BufWriter::new(file);
        for call in calls {
            writeln!(file, "{}/neuroio/v1/tokens/{call}", self.sandbox.url)?;
        }
        file.into_inner()
            .map(drop)
            .map_err(std::io::IntoInnerError::into_error)?;
        let path = path.to_string_lossy().into_owned();
        let batch = if by == By::Batched { BATCH } else { "1" };
        let header = format!("Authorization: Token {}", owner.key);
        let at_once = if by == By::Loop { "1" } else { AT_ONCE };
        let words = ["-a", &path, "-P", at_once, "-n", batch];
        let curl = ["/usr/bin/curl", "-sS", "--fail", "-H", &header];
        let words = words.iter().chain(&curl).chain(more);
        Ok(self.case(by, Path::new("/usr/bin/xargs"), words, &[]))
    }

    fn case<'a>(
        &self,
        by: By,
        program: &Path,
        arguments: impl Iterator<Item = &'a &'a str>,
        more: &[(&str, &str)],
    ) -> Case {
        let home = [("HOME", self.home.path().to_str().unwrap_or_default())];
        let environment = home.iter().chain(more);
        Case {
            name: by.name(),
            program: PathBuf::from(program),
            arguments: arguments.map(|it| (*it).to_owned()).collect(),
            environment: environment
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            directory: self.home.path().to_owned(),
            input: NO_INPUT.into(),
        }
    }
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).context("no key")
}
