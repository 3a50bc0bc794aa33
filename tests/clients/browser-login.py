#!/usr/bin/env python3
"""A client of the authorization code flow for `sandbox conformance --flow browser`.

Without arguments it follows every rule. Each argument is a mistake, which tests/it/conformance.rs expects to be found.
"""
import base64, hashlib, http.server, json, os, secrets, subprocess, sys, time, urllib.error, urllib.parse, urllib.request

ISSUER, CLIENT = os.environ["ISSUER"], os.environ["CLIENT_ID"]
MISTAKES = set(sys.argv[1:])
KNOWN = {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}


def mistake(name):
    return name in MISTAKES


def fetch(url, form=None):
    """Returns the JSON response. The opener of urllib follows no redirect of a POST with status 307."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data), timeout=20) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 307 and mistake("follows-redirects"):
            return fetch(error.headers["location"], form)
        body = error.read()
        sys.exit(f"{url}: {error.code} {body.decode(errors='replace') if body.startswith(b'{') else ''}")
    except OSError as error:
        if form and mistake("sends-code-twice"):
            MISTAKES.remove("sends-code-twice")
            return fetch(url, form)
        sys.exit(f"{url}: {error}")


def metadata():
    issuer = urllib.parse.urlsplit(ISSUER)
    well_known = "/.well-known/oauth-authorization-server"
    url = f"{issuer.scheme}://{issuer.netloc}{well_known}{issuer.path}"
    document = fetch(ISSUER + well_known if mistake("appends-well-known") else url)
    if document["issuer"] != ISSUER and not mistake("ignores-issuer"):
        sys.exit("the metadata is of another issuer")
    origins = {urllib.parse.urlsplit(document[name]).netloc for name in ("authorization_endpoint", "token_endpoint")}
    if len(origins) > 1:
        sys.exit("the endpoints are of several origins")
    return document


class Listener(http.server.HTTPServer):
    """Collects the query of each request and responds with a page."""

    def __init__(self):
        host = "" if mistake("listens-everywhere") else "127.0.0.1"
        super().__init__((host, 0), Handler)
        self.queries = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.queries.append(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)))
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        self.wfile.write(b"Return to the terminal.\n")

    def log_message(self, *_):
        pass


def request(method):
    """Returns the verifier and the parameters of an authorization request."""
    verifier = secrets.token_urlsafe(32)
    verifier = "short" if mistake("short-verifier") else "always-the-same-verifier-of-this-client-1234" if mistake("same-verifier") else verifier
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    state = "abc" if mistake("short-state") else "always-the-same-state" if mistake("same-state") else secrets.token_urlsafe(16)
    challenge = digest if method == "S256" else verifier
    return verifier, {
        "response_type": "code", "client_id": CLIENT, "state": state,
        "code_challenge": challenge, "code_challenge_method": method,
        **({"scope": ""} if mistake("empty-parameter") else {}),
    }


def page(server, parameters):
    """Returns the authorization URL; pushes the request if the server requires it."""
    endpoint = server["authorization_endpoint"]
    if server.get("require_pushed_authorization_requests") and not mistake("never-pushes"):
        pushed = fetch(server["pushed_authorization_request_endpoint"], parameters)
        more = parameters if mistake("repeats-pushed") else {}
        parameters = {**more, "client_id": CLIENT, "request_uri": pushed["request_uri"]}
    return f"{endpoint}?{urllib.parse.urlencode(parameters)}"


def login(server, method="S256"):
    listener = None if mistake("listens-late") else Listener()
    late = listener or Listener()
    if not listener:
        late.server_close()
    name = "localhost" if mistake("names-localhost") else "127.0.0.1"
    port = late.server_address[1]
    verifier, parameters = request(method)
    parameters["redirect_uri"] = redirect = f"http://{name}:{port}/callback"
    url = page(server, parameters)
    print(f"open {url}", flush=True)
    if mistake("embeds-a-browser"):
        urllib.request.build_opener(NoRedirect).open(url)
    subprocess.Popen([os.environ["BROWSER"], url])
    if not listener:
        time.sleep(2)
        listener = http.server.HTTPServer(("127.0.0.1", port), Handler)
        listener.queries = []
    response = wait(listener, server, parameters["state"])
    if not mistake("keeps-port-open"):
        listener.server_close()
    if "error" in response:
        if response["error"] == "invalid_request" and mistake("downgrades-pkce") and method == "S256":
            return login(server, "plain")
        if mistake("ignores-errors"):
            sys.exit(0)
        sys.exit(f"the login was declined or failed: {response['error']} {response.get('error_description', '')}")
    form = {
        "grant_type": "authorization_code", "code": response["code"], "client_id": CLIENT, "code_verifier": verifier,
        "redirect_uri": f"http://127.0.0.1:{port}/other" if mistake("changes-redirect-uri") else redirect,
    }
    tokens = fetch(server["token_endpoint"], form)
    if mistake("rejects-unknown-members") and set(tokens) - KNOWN:
        sys.exit("unknown members")
    return tokens["access_token"]


class NoRedirect(urllib.request.HTTPErrorProcessor):
    def http_response(self, _request, response):
        return response


def wait(listener, server, state):
    """Returns the first response to this request."""
    while True:
        listener.handle_request()
        response = listener.queries.pop()
        if response.get("state") != state and not mistake("ignores-state"):
            continue
        issuer = response.get("iss")
        if mistake("normalizes-iss"):
            issuer = issuer and issuer.rstrip("/")
        is_required = server.get("authorization_response_iss_parameter_supported") and not mistake("accepts-missing-iss")
        if (issuer != ISSUER if issuer or is_required else False) and not mistake("ignores-iss"):
            text = response.get("error_description", "") if mistake("shows-forged-text") else ""
            sys.exit(f"the response is of another issuer {text}")
        return response


login(metadata())
print("signed in")
