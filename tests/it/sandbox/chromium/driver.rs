//! A real browser, driven over its debugging pipe (Chrome `DevTools` protocol): no driver to install, no port to open.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Ends with the test; ends by itself after a minute.
pub(super) struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    last_id: u64,
    session: String,
    loads: u32,
    /// What the browser's console complained about.
    pub(super) complaints: Vec<String>,
    _profile: TempDir,
}

/// The pipe is descriptors 3 and 4; a shell puts them there.
const LAUNCH: &str = "exec timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --force-color-profile=srgb --remote-debugging-pipe --user-data-dir=\"$0\" 3<&0 4>&1 >/dev/null 2>&1";

impl Chromium {
    /// Opens an empty page of this width, with page scripts switched off.
    pub(super) fn launch(width: u32) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", LAUNCH])
            .arg(profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut browser = Self {
            to: child.stdin.take().unwrap(),
            from: BufReader::new(child.stdout.take().unwrap()),
            child,
            last_id: 0,
            session: String::new(),
            loads: 0,
            complaints: Vec::new(),
            _profile: profile,
        };
        browser.attach(width);
        browser
    }

    fn attach(&mut self, width: u32) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = self.call("Target.attachToTarget", &attach);
        self.session = session["sessionId"].as_str().unwrap().to_owned();
        self.call("Page.enable", &json!({}));
        self.call("Log.enable", &json!({}));
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
        self.call(
            "Emulation.setScriptExecutionDisabled",
            &json!({"value": true}),
        );
    }

    /// Light or dark.
    pub(super) fn prefer(&mut self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// One command; what happens meanwhile is noted.
    pub(super) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.as_str().into();
        }
        self.to
            .write_all(format!("{message}\0").as_bytes())
            .unwrap();
        loop {
            let answer = self.next();
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn next(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).unwrap();
        assert_eq!(
            bytes.pop(),
            Some(0),
            "the browser is gone (is `chromium` installed?)"
        );
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        match message["method"].as_str() {
            Some("Page.loadEventFired") => self.loads += 1,
            Some("Log.entryAdded") => {
                let text = message["params"]["entry"]["text"].to_string();
                self.complaints.push(text);
            }
            _ => {}
        }
        message
    }

    /// Does something that leads to another page, and waits for it. It may be there before `cause` is done.
    fn load(&mut self, cause: impl FnOnce(&mut Self)) {
        let before = self.loads;
        cause(self);
        while self.loads == before {
            self.next();
        }
        // `autofocus` works only once the page is painted, a moment after it is loaded.
        let focused =
            "document.activeElement !== document.body || !document.querySelector('[autofocus]')";
        for _ in 0..100 {
            if self.ask(focused) == true {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn open(&mut self, url: &str) {
        self.load(|browser| drop(browser.call("Page.navigate", &json!({"url": url}))));
    }

    /// Types into what has the focus.
    pub(super) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Presses a key that leads nowhere.
    pub(super) fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            other => panic!("no such key: {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Presses Enter, which sends the form, and waits for the page that comes.
    pub(super) fn send(&mut self) {
        self.load(|browser| browser.press("Enter"));
    }

    /// Presses Tab until the control with this text or name has the focus.
    pub(super) fn focus(&mut self, wanted: &str) {
        for _ in 0..20 {
            self.press("Tab");
            let at =
                "document.activeElement.name + '|' + document.activeElement.textContent.trim()";
            let focused = self.ask(at);
            if focused
                .as_str()
                .unwrap()
                .split('|')
                .any(|part| part == wanted)
            {
                return;
            }
        }
        panic!("the keyboard does not reach {wanted}");
    }

    /// The value of an expression in the page. The debugger may run scripts where the page may not.
    pub(super) fn ask(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &params);
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].clone()
    }

    pub(super) fn heading(&mut self) -> String {
        let heading = self.ask("document.querySelector('h1').textContent");
        heading.as_str().unwrap().to_owned()
    }

    /// A picture of the whole page, for people: `target/tmp/device-page/NAME.png`.
    #[expect(clippy::disallowed_methods, reason = "a picture in the build folder")]
    pub(super) fn picture(&mut self, name: &str) -> PathBuf {
        let whole = json!({"captureBeyondViewport": true});
        let picture = self.call("Page.captureScreenshot", &whole);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("device-page");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, base64(picture["data"].as_str().unwrap())).unwrap();
        path
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Not `call`: the browser may be gone, and a panic here would hide the reason.
        let close = "{\"id\":0,\"method\":\"Browser.close\"}\0";
        let _ = self.to.write_all(close.as_bytes());
        let _ = self.child.wait();
    }
}

fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}
