//! The page in a real browser, by keyboard alone and with scripts switched off. Needs `chromium`:
//! `cargo test --test it chromium -- --ignored`.

mod driver;

use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::world::{Device, World};
use driver::Chromium;

/// A sandbox at a port of its own, and a device that asks it for access.
struct Site {
    world: World,
    page: String,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

impl Site {
    fn new() -> Self {
        let world = World::new();
        let sandbox = world.sandbox.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let server = thread::spawn(move || {
            block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async { drop(stopped.await) };
                brainmaps::sandbox::serve(sandbox, listener, stopped)
                    .await
                    .unwrap();
            });
        });
        Self {
            world,
            page: format!("http://{}/device", told.recv().unwrap()),
            stop: Some(stop),
            server: Some(server),
        }
    }

    fn device(&self) -> Device<'_> {
        block_on(Device::new(&self.world))
    }

    /// What the device hears: `access_token` or an error.
    fn poll(device: &Device<'_>) -> String {
        let answer = block_on(device.poll()).json();
        let heard = answer["error"].as_str().unwrap_or("access_token");
        heard.to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        drop(self.server.take().map(JoinHandle::join));
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap().block_on(work)
}

fn sign_in(browser: &mut Chromium) {
    assert_eq!(browser.heading(), "Sign in to BrainMaps");
    browser.write("demo@brainmaps.test");
    browser.focus("password");
    browser.write("demo");
    browser.send();
    assert_eq!(browser.heading(), "Let BrainMaps CLI use your account?");
}

fn nothing_was_blocked(browser: &Chromium) {
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium"]
fn approve() {
    let site = Site::new();
    let device = site.device();
    let mut browser = Chromium::launch(720);
    browser.open(&format!("{}?user_code={}", site.page, device.user_code));
    browser.picture("code-compare");
    browser.focus("Yes, the codes match");
    browser.send();
    browser.picture("sign-in");
    sign_in(&mut browser);
    browser.picture("consent");
    browser.focus("Approve");
    browser.send();
    assert_eq!(browser.heading(), "BrainMaps CLI is signed in");
    browser.picture("approved");
    assert_eq!(Site::poll(&device), "access_token");
    nothing_was_blocked(&browser);
}

#[test]
#[ignore = "needs Chromium"]
fn deny() {
    let site = Site::new();
    let device = site.device();
    let mut browser = Chromium::launch(720);
    browser.prefer("dark");
    browser.open(&site.page);
    browser.picture("code-dark");
    browser.write(&device.user_code.to_lowercase());
    browser.send();
    browser.picture("sign-in-dark");
    sign_in(&mut browser);
    browser.picture("consent-dark");
    browser.focus("Deny");
    browser.send();
    assert_eq!(browser.heading(), "Request denied");
    browser.picture("denied-dark");
    assert_eq!(Site::poll(&device), "access_denied");
    nothing_was_blocked(&browser);
}

#[test]
#[ignore = "needs Chromium"]
fn wrong_code() {
    let site = Site::new();
    let device = site.device();
    let mut browser = Chromium::launch(720);
    browser.open(&site.page);
    browser.write("BBBB-BBBB");
    browser.send();
    let alert = browser.ask("document.querySelector('[role=alert]').textContent");
    assert!(
        alert
            .as_str()
            .unwrap()
            .starts_with("That code is not right.")
    );
    browser.picture("code-wrong");
    browser.ask("document.activeElement.select()");
    browser.write(&device.user_code);
    browser.send();
    sign_in(&mut browser);
}

#[test]
#[ignore = "needs Chromium"]
fn expired_code() {
    let site = Site::new();
    let device = site.device();
    let mut browser = Chromium::launch(720);
    browser.open(&site.page);
    browser.write(&device.user_code);
    browser.send();
    sign_in(&mut browser);
    site.world.pass(Duration::from_mins(10));
    browser.focus("Approve");
    browser.send();
    assert_eq!(browser.heading(), "This code has expired");
    browser.picture("expired");
    assert_eq!(Site::poll(&device), "expired_token");
}

/// The two buttons as the eye weighs them: their size and everything that is painted.
const WEIGHTS: &str = "JSON.stringify([...document.querySelectorAll('.choice')].map(button => {
    const box = button.getBoundingClientRect();
    const look = getComputedStyle(button);
    return [box.width, box.height, look.color, look.backgroundColor, look.borderColor, look.borderWidth,
        look.fontSize, look.fontWeight].join();
}))";

/// Texts whose colour stands out from its ground by less than 4.5 to 1 (WCAG 2.2, 1.4.3).
const PALE: &str = "(() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour[3] === undefined || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const texts = [...document.querySelectorAll('body *')].filter(element =>
        [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()) || element.value);
    return texts.map(element => {
        const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        return ratio < 4.5 ? `${element.textContent.trim()} ${ratio}` : '';
    }).filter(Boolean).join('; ');
})()";

fn look_at(browser: &mut Chromium, name: &str) {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        assert_eq!(browser.ask(PALE), "", "{name} in {scheme}");
        browser.picture(&format!("narrow-{name}-{scheme}"));
    }
    let width = browser.ask("document.documentElement.scrollWidth");
    assert_eq!(width, 320, "{name} does not fit");
}

#[test]
#[ignore = "needs Chromium"]
fn every_step_fits_a_narrow_screen_and_can_be_read_in_light_and_dark() {
    let site = Site::new();
    let device = site.device();
    let mut browser = Chromium::launch(320);
    browser.open(&site.page);
    look_at(&mut browser, "code");
    browser.write("BBBB-BBBB");
    browser.send();
    look_at(&mut browser, "code-wrong");
    browser.open(&format!("{}?user_code={}", site.page, device.user_code));
    look_at(&mut browser, "code-compare");
    browser.focus("Yes, the codes match");
    browser.send();
    look_at(&mut browser, "sign-in");
    sign_in(&mut browser);
    look_at(&mut browser, "consent");
    let weights: Vec<String> =
        serde_json::from_str(browser.ask(WEIGHTS).as_str().unwrap()).unwrap();
    assert_eq!(weights.len(), 2);
    assert_eq!(weights[0], weights[1], "deny and approve weigh the same");
    browser.focus("Approve");
    browser.send();
    look_at(&mut browser, "approved");
}

#[test]
#[ignore = "needs Chromium"]
fn no_other_site_can_use_the_session() {
    let (site, other) = (Site::new(), Site::new());
    let device = site.device();
    let mut browser = Chromium::launch(720);
    browser.open(&site.page);
    browser.write(&device.user_code);
    browser.send();
    sign_in(&mut browser);
    // "localhost" is another site than 127.0.0.1; this page of it has no policy that could keep its own from us.
    let elsewhere = other.page.replace("127.0.0.1", "localhost");
    let elsewhere = elsewhere.replace("/device", "/nothing/");
    browser.open(&elsewhere);
    let form = format!(
        "document.documentElement.innerHTML = `<body><form method=post action='{}/consent'>
            <input name=user_code value={}><input name=decision value=approve><button>go</button></form>`;
        document.querySelector('input').focus()",
        site.page, device.user_code
    );
    browser.ask(&form);
    browser.send();
    let answer = browser.ask("document.body.textContent");
    assert!(
        answer.as_str().unwrap().contains("from another site"),
        "{answer}"
    );
    assert_eq!(Site::poll(&device), "authorization_pending");
}
