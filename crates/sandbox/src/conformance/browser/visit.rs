//! The browser of a case: opens the authorization URL and sends responses to the redirect URI.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use url::{Host, Url};

use super::super::common::{Address, Case, ClientInput, Edit, Visit};
use super::http::{connect, get, location};
use super::launcher::{AuthorizationUrls, Launcher, Output};

/// How long a client may take to listen after it started the browser.
const LISTEN_LIMIT: Duration = Duration::from_secs(10);

/// How long a client may take to close its port after the response.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// How long the browser may take after the client has exited.
const END_LIMIT: Duration = Duration::from_secs(1);

const RETRY: Duration = Duration::from_millis(50);

/// A browser that was not started.
pub(crate) struct Browser {
    case: &'static Case,
    launcher: Option<Launcher>,
}

/// A browser that waits for the client, or visits the server.
pub(crate) struct RunningBrowser {
    urls: Option<Arc<AuthorizationUrls>>,
    visit: Arc<Mutex<Visit>>,
    task: JoinHandle<()>,
}

impl Browser {
    pub(crate) fn new(case: &'static Case) -> io::Result<Self> {
        let is_needed = !case.deliveries.is_empty();
        let launcher = is_needed.then(Launcher::create).transpose()?;
        Ok(Self { case, launcher })
    }

    /// Returns the variable by which the client finds the browser.
    pub(crate) fn input(&self) -> Option<ClientInput> {
        self.launcher.as_ref().map(|launcher| ClientInput {
            placeholder: None,
            variable: "BROWSER",
            value: launcher.path().to_string_lossy().into_owned(),
        })
    }

    /// Starts to wait for the authorization URL.
    pub(crate) fn start(self, output: Output, issuer: &str) -> RunningBrowser {
        let urls = self.launcher.map(|launcher| {
            let endpoint = format!("{issuer}/oauth2/authorize");
            Arc::new(AuthorizationUrls::new(launcher, output, endpoint))
        });
        let visit = Arc::<Mutex<Visit>>::default();
        let (shared_urls, shared_visit) = (urls.clone(), Arc::clone(&visit));
        let task = tokio::spawn(async move {
            if let Some(urls) = shared_urls {
                let url = urls.wait_for_first().await;
                // The client may close the connection at any time. The visit records how far the browser got.
                let _result = open_and_deliver(self.case, &url, &shared_visit).await;
            }
        });
        RunningBrowser { urls, visit, task }
    }
}

impl RunningBrowser {
    /// Waits a moment, because the client may exit before the browser has its response.
    pub(crate) async fn finish(mut self) -> Visit {
        let is_waiting = lock(&self.visit).url.is_none();
        if is_waiting
            || tokio::time::timeout(END_LIMIT, &mut self.task)
                .await
                .is_err()
        {
            self.task.abort();
        }
        let mut visit = lock(&self.visit).clone();
        let shown = self.urls.map(|urls| urls.all()).unwrap_or_default();
        let is_later = |url: &String| visit.url.as_ref() != Some(url);
        visit.later_urls = shown.into_iter().filter(is_later).collect();
        visit
    }
}

fn lock(visit: &Mutex<Visit>) -> std::sync::MutexGuard<'_, Visit> {
    visit.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Requests the authorization URL from the sandbox, and sends each delivery of the case to the redirect URI.
async fn open_and_deliver(case: &Case, url: &str, visit: &Mutex<Visit>) -> io::Result<()> {
    lock(visit).url = Some(url.to_owned());
    let url = Url::parse(url).map_err(io::Error::other)?;
    let server = addresses(&url).first().copied();
    let server = server.ok_or(io::ErrorKind::AddrNotAvailable)?;
    let page = get(connect(server).await?, &url).await?;
    let response = location(&page).ok_or(io::ErrorKind::InvalidData)?;
    lock(visit).redirect = Some(response.to_string());
    for delivery in case.deliveries {
        let edited = edit(&response, delivery.edits);
        let stream = match delivery.address {
            Address::Host => connect_to_client(&edited, visit).await,
            Address::Other => connect_to_other_address(&edited).await,
        };
        lock(visit).delivered.push(stream.is_some());
        if let Some(stream) = stream {
            get(stream, &edited).await?;
        }
    }
    if case.rule == "8252-8.3" {
        lock(visit).is_still_listening = !is_closed(&response).await;
    }
    Ok(())
}

/// Connects to the client. Waits for it only before the first response: later it may have closed its port.
async fn connect_to_client(url: &Url, visit: &Mutex<Visit>) -> Option<TcpStream> {
    let is_first = !lock(visit).delivered.contains(&true);
    let began = Instant::now();
    loop {
        for address in addresses(url) {
            if let Ok(stream) = connect(address).await {
                return Some(stream);
            }
        }
        if !is_first || began.elapsed() > LISTEN_LIMIT {
            return None;
        }
        lock(visit).was_refused = true;
        tokio::time::sleep(RETRY).await;
    }
}

/// Connects to 127.0.0.2, where only a listener on all interfaces accepts.
async fn connect_to_other_address(url: &Url) -> Option<TcpStream> {
    let port = url.port_or_known_default()?;
    let address = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port));
    connect(address).await.ok()
}

async fn is_closed(url: &Url) -> bool {
    let began = Instant::now();
    while began.elapsed() < CLOSE_LIMIT {
        let Some(address) = addresses(url).first().copied() else {
            return true;
        };
        // Any other failure is one of an open port, whose queue is full.
        let result = connect(address).await;
        if result.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
            return true;
        }
        tokio::time::sleep(RETRY).await;
    }
    false
}

/// Returns the loopback addresses of a URL; none for any other host.
fn addresses(url: &Url) -> Vec<SocketAddr> {
    let hosts: &[IpAddr] = match url.host() {
        Some(Host::Ipv4(Ipv4Addr::LOCALHOST)) => &[IpAddr::V4(Ipv4Addr::LOCALHOST)],
        Some(Host::Ipv6(Ipv6Addr::LOCALHOST)) => &[IpAddr::V6(Ipv6Addr::LOCALHOST)],
        Some(Host::Domain("localhost")) => &[
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ],
        _ => &[],
    };
    let port = url.port_or_known_default().unwrap_or_default();
    hosts.iter().map(|host| (*host, port).into()).collect()
}

fn edit(response: &Url, edits: &[Edit]) -> Url {
    let mut pairs: Vec<(String, String)> = response.query_pairs().into_owned().collect();
    for edit in edits {
        match *edit {
            Edit::Without(name) => pairs.retain(|(it, _)| it != name),
            Edit::Set(name, value) => {
                pairs.retain(|(it, _)| it != name);
                pairs.push((name.to_owned(), value.to_owned()));
            }
            Edit::Append(name, more) => {
                for (_, value) in pairs.iter_mut().filter(|(it, _)| it == name) {
                    value.push_str(more);
                }
            }
        }
    }
    let mut edited = response.clone();
    edited.query_pairs_mut().clear().extend_pairs(pairs);
    edited
}
