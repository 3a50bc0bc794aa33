//! What the measured programs stand on: a home that is signed in, the sandbox over http, a server over https.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::floor::floor;
use super::support::measure::{Case, NO_INPUT};
use super::support::server::{BRAINMAPS, Server, brainmaps};
use super::support::table::note;

const CURL: &str = "/usr/bin/curl";
const RIPGREP: &str = "/usr/bin/rg";

/// The tree that is scanned: its name, files, and lines of a file; 77 MB.
const TREE: &str = "tree";
const TREE_FILES: usize = 1_000;
const TREE_LINES: usize = 1_000;
const TREE_LINE: &str =
    "    let described = sources.iter().flat_map(|source| source.entries()); // line\n";

/// The literals that begin keys, over the same files.
const RIPGREP_ARGUMENTS: &[&str] = &[
    "-uu", "-a", "-c", "-e", "bmc_", "-e", "bp_", "-e", "dbm_ak_", "-e", "eyJ", TREE,
];

/// The file with the request of git.
const GIT_REQUEST: &str = "git-request";

/// Where Debian keeps the roots that the system trusts.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Makes a private authority and a certificate of it for `localhost`, in the current directory.
const CERTIFICATES: &str = "
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=benches' \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.pem &&
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr &&
printf 'subjectAltName=DNS:localhost\\nextendedKeyUsage=serverAuth\\n' > server.ext &&
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem";

/// Everything that runs beside the measurements; it ends with this.
pub(crate) struct Fixture {
    home: TempDir,
    floor: PathBuf,
    sandbox: Server,
    secure: Server,
    access_token: String,
}

impl Fixture {
    pub(crate) fn set() -> Result<Self> {
        let home = TempDir::with_prefix("brainmaps-bench-")?;
        let floor = floor(home.path())?;
        let serve = brainmaps(
            home.path(),
            &[
                "sandbox",
                "serve",
                "--port",
                "0",
                "--interval",
                "1",
                "--auto-approve",
            ],
        );
        let sandbox = Server::start(serve, "http://localhost:")?;
        let url = &sandbox.url;
        run(&mut brainmaps(
            home.path(),
            &["login", "--device", "--api-url", url, "--no-browser"],
        ))?;
        let access_token = run(&mut brainmaps(home.path(), &["credential", "print"]))?
            .trim()
            .to_owned();
        let secure = secure_server(home.path())?;
        let host = url.trim_start_matches("http://");
        let request = format!("capability[]=authtype\nprotocol=http\nhost={host}\n\n");
        write_tree(&home.path().join(TREE))?;
        fs::File::create_new(home.path().join(GIT_REQUEST))?.write_all(request.as_bytes())?;
        Ok(Self {
            home,
            floor,
            sandbox,
            secure,
            access_token,
        })
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let mut cases = self.offline_cases();
        cases.extend(self.online_cases());
        cases.push(self.mine("token scan", &["token", "scan", "--no-ignore", TREE], &[]));
        if Path::new(RIPGREP).exists() {
            let arguments: Vec<_> = RIPGREP_ARGUMENTS
                .iter()
                .map(|it| (*it).to_owned())
                .collect();
            cases.push(self.case("rg", Path::new(RIPGREP), &arguments, &[]));
        } else {
            note("token scan is not compared: rg is missing (apt-get install ripgrep)");
        }
        cases
    }

    fn offline_cases(&self) -> Vec<Case> {
        let git = Case {
            input: self.git_request(),
            ..self.mine("helper git get", &["helper", "git", "get"], &[])
        };
        let (env, arguments) = (Path::new("/usr/bin/env"), ["/bin/true".to_owned()]);
        vec![
            self.case("floor", &self.floor, &[], &[]),
            self.mine("--version", &["--version"], &[]),
            self.mine("--help", &["--help"], &[]),
            self.mine("credential print", &["credential", "print"], &[]),
            git,
            self.mine("exec", &["exec", "--", "/bin/true"], &[]),
            self.case("env", env, &arguments, &[]),
            self.mine("status", &["status"], &[]),
            self.mine(
                "complete a profile name",
                &["--", "brainmaps", "--profile", "b"],
                &[("BRAINMAPS_COMPLETE", "fish")],
            ),
        ]
    }

    fn online_cases(&self) -> Vec<Case> {
        let roots = self.roots().to_string_lossy().into_owned();
        let secure = [
            ("SSL_CERT_FILE", roots.as_str()),
            ("BRAINMAPS_API_URL", &self.secure.url),
            ("BRAINMAPS_API_KEY", "key-of-the-bench"),
        ];
        let bearer = format!("Authorization: Bearer {}", self.access_token);
        let http = format!("{}/api/auth/me/", self.sandbox.url);
        let https = format!("{}/api/auth/me/", self.secure.url);
        let token = "Authorization: Token key-of-the-bench";
        let curl = |more: &[&str]| {
            let arguments = ["-sS", "--fail", "-o", "/dev/null", "-H"];
            let arguments = arguments.iter().chain(more);
            arguments.map(|it| (*it).to_owned()).collect::<Vec<_>>()
        };
        let (plain, encrypted) = (
            curl(&[&bearer, &http]),
            curl(&[token, "--cacert", &roots, &https]),
        );
        vec![
            self.mine("api, http", &["api", "/api/auth/me/"], &[]),
            self.mine("whoami, http", &["whoami"], &[]),
            self.case("curl, http", Path::new(CURL), &plain, &[]),
            self.mine("whoami, https", &["whoami"], &secure),
            self.case("curl, https", Path::new(CURL), &encrypted, &[]),
        ]
    }

    fn git_request(&self) -> PathBuf {
        self.home.path().join(GIT_REQUEST)
    }

    fn roots(&self) -> PathBuf {
        self.home.path().join("roots.pem")
    }

    fn mine(&self, name: &'static str, arguments: &[&str], more: &[(&str, &str)]) -> Case {
        let arguments: Vec<_> = arguments.iter().map(|it| (*it).to_owned()).collect();
        self.case(name, Path::new(BRAINMAPS), &arguments, more)
    }

    fn case(
        &self,
        name: &'static str,
        program: &Path,
        arguments: &[String],
        more: &[(&str, &str)],
    ) -> Case {
        let home = [("HOME", self.home.path().to_str().unwrap_or_default())];
        Case {
            name,
            program: program.to_owned(),
            arguments: arguments.to_vec(),
            environment: home
                .iter()
                .chain(more)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            directory: self.home.path().to_owned(),
            input: NO_INPUT.into(),
        }
    }
}

/// Text without a key, and one sample that both programs find and only one examines.
fn write_tree(folder: &Path) -> Result<()> {
    fs::create_dir(folder)?;
    let text = TREE_LINE.repeat(TREE_LINES);
    for number in 0..TREE_FILES {
        let mut file = fs::File::create_new(folder.join(format!("{number}.rs")))?;
        file.write_all(text.as_bytes())?;
    }
    fs::File::create_new(folder.join("sample.txt"))?.write_all(b"eyJ is not a token\n")?;
    Ok(())
}

/// Its output, when it succeeds.
fn run(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// In bytes.
pub(crate) fn binary_size() -> Result<f64> {
    let bytes = fs::metadata(BRAINMAPS)?.len();
    Ok(f64::from(
        u32::try_from(bytes).context("a binary of more than 4 GiB")?,
    ))
}

/// A server of Node's, behind a certificate of a private authority; the roots are the system's and that one.
fn secure_server(folder: &Path) -> Result<Server> {
    run(Command::new("sh")
        .args(["-c", CERTIFICATES])
        .current_dir(folder))
    .context("openssl is needed")?;
    let mut roots = fs::read(SYSTEM_ROOTS)
        .with_context(|| format!("{SYSTEM_ROOTS} (apt-get install ca-certificates)"))?;
    roots.extend(fs::read(folder.join("ca.pem"))?);
    fs::File::create_new(folder.join("roots.pem"))?.write_all(&roots)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/secure-server.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(folder);
    Server::start(command, "https://localhost:").context("node is needed")
}
