//! A server that sends scripted responses and records the requests.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// A recorded request.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl ReceivedRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A scripted response.
#[derive(Clone, Debug)]
pub(crate) struct ScriptedResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Vec<u8>),
    /// Closes the connection before the promised length.
    CutShort(Vec<u8>),
    /// This many bytes of `x`, without a content length.
    Stream(usize),
    /// A byte every half second, for longer than any timeout.
    Drip,
}

impl ScriptedResponse {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::text(
            status,
            "text/html; charset=utf-8",
            "<!DOCTYPE html><title>Bad gateway</title><h1>Please try again</h1>",
        )
    }

    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self::bytes(status, kind, body.as_bytes().to_vec())
    }

    pub(crate) fn bytes(status: u16, kind: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self {
            status,
            headers,
            body: Body::Whole(body),
        }
    }

    /// Returns truncated JSON with a content length that is too large.
    pub(crate) fn cut_short() -> Self {
        let whole = Self::json(200, &json!({}));
        Self {
            body: Body::CutShort(br#"{"access_token":"hal"#.to_vec()),
            ..whole
        }
    }

    /// Returns truncated JSON with the correct content length.
    pub(crate) fn half_json() -> Self {
        Self::text(200, "application/json", r#"{"access_token":"hal"#)
    }

    pub(crate) fn stream(bytes: usize) -> Self {
        Self {
            body: Body::Stream(bytes),
            ..Self::json(200, &json!({}))
        }
    }

    pub(crate) fn drip() -> Self {
        Self {
            body: Body::Drip,
            ..Self::json(200, &json!({}))
        }
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::text(status, "text/plain", "").header("location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn write(&self, to: &mut impl Write) -> std::io::Result<()> {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| name.clone() + ": " + value + "\r\n")
            .collect();
        let head = format!(
            "HTTP/1.1 {} AuthorizationServerScript\r\nconnection: close\r\n{headers}",
            self.status
        );
        match &self.body {
            Body::Whole(body) => {
                write!(to, "{head}content-length: {}\r\n\r\n", body.len())?;
                to.write_all(body)
            }
            Body::CutShort(body) => {
                write!(to, "{head}content-length: {}\r\n\r\n", body.len() + 100)?;
                to.write_all(body)
            }
            Body::Drip => {
                write!(to, "{head}\r\n")?;
                (0..240).try_for_each(|_| {
                    thread::sleep(Duration::from_millis(500));
                    to.write_all(b" ")
                })
            }
            Body::Stream(bytes) => {
                write!(to, "{head}\r\n")?;
                let block = vec![b'x'; 64 * 1024];
                (0..bytes.div_ceil(block.len())).try_for_each(|_| to.write_all(&block))
            }
        }
    }
}

/// Serves on a free loopback port until the test process ends.
pub(crate) struct ScriptedServer {
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl ScriptedServer {
    /// Responds to every request with the result of `script`, which gets the server's URL.
    pub(crate) fn start(
        script: impl Fn(&ReceivedRequest, &str) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        Self::serve(listener, url, None, script)
    }

    /// Serves over TLS with the certificate in `tls`, as `https://HOST`. The port is the listener's for `localhost`,
    /// and 443 for any other name, which only a proxy can connect.
    pub(crate) fn start_secure(
        host: &str,
        tls: Arc<ServerConfig>,
        script: impl Fn(&ReceivedRequest, &str) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = match host {
            "localhost" => format!("https://localhost:{port}"),
            host => format!("https://{host}"),
        };
        Self::serve(listener, url, Some(tls), script)
    }

    fn serve(
        listener: TcpListener,
        url: String,
        tls: Option<Arc<ServerConfig>>,
        script: impl Fn(&ReceivedRequest, &str) -> ScriptedResponse + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let shared = (Arc::new(script), Arc::clone(&received), url.clone(), tls);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, received, url, tls) = shared.clone();
                thread::spawn(move || {
                    let response = |request: ReceivedRequest| {
                        received.lock().unwrap().push(request.clone());
                        script(&request, &url)
                    };
                    handle_connection(stream, tls, response);
                });
            }
        });
        Self {
            url,
            address,
            received,
        }
    }

    /// Returns all requests so far, in order.
    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.received.lock().unwrap().clone()
    }

    /// Returns the number of requests to `path`, with any query.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.received()
            .iter()
            .filter(|received| received.path.split('?').next() == Some(path))
            .count()
    }
}

/// Handles one request. The client may close the connection early, or reject the certificate.
fn handle_connection(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    response: impl Fn(ReceivedRequest) -> ScriptedResponse,
) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let Some(tls) = tls else {
        if let Some((request, _)) = read_request(&mut BufReader::new(&stream)) {
            let _ = response(request).write(&mut &stream);
            let _ = stream.shutdown(Shutdown::Write);
        }
        return;
    };
    let mut secure = StreamOwned::new(ServerConnection::new(tls).unwrap(), stream);
    let request = read_request(&mut BufReader::new(&mut secure));
    if let Some((request, _)) = request {
        let _ = response(request).write(&mut secure);
        secure.conn.send_close_notify();
        let _ = secure.flush();
        let _ = secure.sock.shutdown(Shutdown::Write);
    }
}

/// Reads the next request and its bytes; `None` at the end of the connection.
pub(crate) fn read_request(reader: &mut impl BufRead) -> Option<(ReceivedRequest, Vec<u8>)> {
    let (mut received, mut bytes) = read_head(reader)?;
    let length = received
        .header("content-length")
        .and_then(|it| it.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    received.body = String::from_utf8_lossy(&body).into_owned();
    bytes.extend(body);
    Some((received, bytes))
}

/// Reads the head of the next request, and its bytes; `None` at the end of the connection.
pub(crate) fn read_head(reader: &mut impl BufRead) -> Option<(ReceivedRequest, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut line = || {
        let from = bytes.len();
        reader.read_until(b'\n', &mut bytes).ok()?;
        Some(
            String::from_utf8_lossy(&bytes[from..])
                .trim_end()
                .to_owned(),
        )
    };
    let first = line()?;
    let mut parts = first.split_whitespace();
    let mut received = ReceivedRequest {
        method: parts.next()?.to_owned(),
        path: parts.next()?.to_owned(),
        ..ReceivedRequest::default()
    };
    while let Some((name, value)) = line()?.split_once(':') {
        let header = (name.to_lowercase(), value.trim().to_owned());
        received.headers.push(header);
    }
    Some((received, bytes))
}

/// The script of a valid authorization server; each response can be replaced.
pub(crate) struct AuthorizationServerScript {
    pub(crate) metadata: Box<dyn Fn(&str) -> ScriptedResponse + Send + Sync>,
    pub(crate) device: Box<dyn Fn(&str) -> ScriptedResponse + Send + Sync>,
    pub(crate) token: Box<dyn Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync>,
    /// Responds to all other paths.
    pub(crate) other: Box<dyn Fn(&ReceivedRequest) -> ScriptedResponse + Send + Sync>,
}

/// Returns the metadata of a server at `url`.
pub(crate) fn metadata(url: &str) -> Value {
    json!({
        "issuer": url,
        "device_authorization_endpoint": format!("{url}/device_authorization"),
        "token_endpoint": format!("{url}/token"),
        "revocation_endpoint": format!("{url}/revoke"),
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
    })
}

/// Returns the response to a device authorization request at `url`.
pub(crate) fn device_response(url: &str) -> Value {
    json!({
        "device_code": "device-code-c4n4ry",
        "user_code": "WDJB-MJHT",
        "verification_uri": format!("{url}/device"),
        "expires_in": 60,
        "interval": 0,
    })
}

/// Returns the command that signs in at `issuer` by the device flow.
pub(crate) fn device_login(issuer: &str) -> [&str; 6] {
    [
        "login",
        "--device",
        "--issuer",
        issuer,
        "--client-id",
        "native",
    ]
}

/// Returns a successful token response.
pub(crate) fn token_response() -> Value {
    json!({
        "access_token": "access-c4n4ry-1",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "refresh-c4n4ry-1",
        "scope": "openid",
    })
}

impl Default for AuthorizationServerScript {
    fn default() -> Self {
        Self {
            metadata: Box::new(|url| ScriptedResponse::json(200, &metadata(url))),
            device: Box::new(|url| ScriptedResponse::json(200, &device_response(url))),
            token: Box::new(|_| ScriptedResponse::json(200, &token_response())),
            other: Box::new(|_| ScriptedResponse::json(404, &json!({ "error": "not_found" }))),
        }
    }
}

impl AuthorizationServerScript {
    pub(crate) fn serve(self) -> ScriptedServer {
        ScriptedServer::start(self.script())
    }

    /// Returns the script, for a server that is started differently.
    pub(crate) fn script(
        self,
    ) -> impl Fn(&ReceivedRequest, &str) -> ScriptedResponse + Send + Sync + 'static {
        move |received, url| match received.path.split('?').next().unwrap_or_default() {
            "/.well-known/oauth-authorization-server" => (self.metadata)(url),
            "/device_authorization" => (self.device)(url),
            "/token" => (self.token)(received),
            "/revoke" => ScriptedResponse::text(200, "text/plain", ""),
            _ => (self.other)(received),
        }
    }
}
