//! A private keyring: a real `gnome-keyring-daemon` on its own D-Bus.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{peer::has_program, process::wait_until, test_home::TestHome};

/// The variable with the address of the bus.
pub(crate) const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

const SERVICE: &str = "org.freedesktop.Secret.Service";

/// Bus and keyring; both stop when this is dropped.
pub(crate) struct PrivateKeyring {
    bus: Child,
    daemon: Option<Child>,
    directory: std::path::PathBuf,
}

impl PrivateKeyring {
    /// Starts both, unlocked, and sets the variable for later commands of `home`. Returns `None` and prints a notice if
    /// a program is missing.
    pub(crate) fn start(home: &mut TestHome, test: &str) -> Option<Self> {
        let programs = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"];
        if !programs.iter().all(|program| has_program(test, program)) {
            return None;
        }
        let directory = home.path().join("keyring");
        for folder in [directory.clone(), directory.join("run")] {
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        }
        let address = format!("unix:path={}", directory.join("bus").display());
        fs::write(directory.join("bus.conf"), bus_configuration(&address)).unwrap();
        home.set(BUS, &address);
        let config = format!("--config-file={}", directory.join("bus.conf").display());
        let bus = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1", &config])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = None;
        let mut keyring = Self {
            bus,
            daemon,
            directory,
        };
        keyring.start_daemon();
        Some(keyring)
    }

    /// Restarts the keyring, unlocked.
    pub(crate) fn start_daemon(&mut self) {
        self.stop_daemon();
        wait_until("the bus starts", || self.directory.join("bus").exists());
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        daemon.stdin.take().unwrap().write_all(b"x").unwrap();
        self.daemon = Some(daemon);
        wait_until("the keyring starts", || {
            let default = self.call("ReadAlias", "string:default");
            default.contains("collection")
        });
    }

    /// Stops the keyring; the bus keeps running.
    pub(crate) fn stop_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    /// Locks the keyring; there is no prompter for its password.
    pub(crate) fn lock(&self) {
        let collection = "array:objpath:/org/freedesktop/secrets/collection/login";
        self.call("Lock", collection);
    }

    /// Suspends the keyring process, so that it does not respond.
    pub(crate) fn suspend(&self) {
        let daemon = self.daemon.as_ref().unwrap();
        kill_process(Pid::from_child(daemon), Signal::STOP).unwrap();
    }

    /// Returns the number of entries with this name.
    pub(crate) fn entries(&self, user: &str) -> usize {
        self.count_items(&format!("service,brainmaps,username,{user}"))
    }

    /// Returns the number of entries of the program, including those of write tests.
    pub(crate) fn all_entries(&self) -> usize {
        self.count_items("service,brainmaps")
    }

    fn count_items(&self, attributes: &str) -> usize {
        let reply = self.call("SearchItems", &format!("dict:string:string:{attributes}"));
        assert!(reply.contains("array ["), "{reply}");
        reply.matches("object path").count()
    }

    /// Calls a method of the keyring service, and returns the reply; empty if there is none.
    fn call(&self, method: &str, argument: &str) -> String {
        let output = self
            .command("dbus-send")
            .args(["--session", "--print-reply"])
            .arg("--dest=org.freedesktop.secrets")
            .args(["/org/freedesktop/secrets", &format!("{SERVICE}.{method}")])
            .arg(argument)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let address = format!("unix:path={}", self.directory.join("bus").display());
        command
            .env("HOME", &self.directory)
            .env("XDG_RUNTIME_DIR", self.directory.join("run"))
            .env_remove("XDG_DATA_HOME")
            .env(BUS, address);
        command
    }
}

impl Drop for PrivateKeyring {
    fn drop(&mut self) {
        self.stop_daemon();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// Returns a configuration of the bus that starts no service: neither another keyring nor a prompter.
fn bus_configuration(address: &str) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}
