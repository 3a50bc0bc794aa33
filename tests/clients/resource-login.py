#!/usr/bin/env python3
"""A client that signs in to a resource, for `sandbox conformance --flow resource`.

Without arguments it follows every rule. Each argument is a mistake, which tests/it/conformance/resource.rs expects to be found.
"""
import base64, hashlib, http.server, json, os, re, secrets, subprocess, sys, urllib.error, urllib.parse, urllib.request

RESOURCE = os.environ["RESOURCE"]
MISTAKES = set(sys.argv[1:])


def mistake(name):
    return name in MISTAKES


def fetch(url, form=None, document=None):
    """Returns the JSON response."""
    data = urllib.parse.urlencode(form).encode() if form else json.dumps(document).encode() if document else None
    request = urllib.request.Request(url, data, {"content-type": "application/json"} if document else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(0 if mistake("ignores-errors") else f"{url}: {error.code} {error.read().decode(errors='replace')}")


def metadata():
    try:
        urllib.request.urlopen(RESOURCE)
    except urllib.error.HTTPError as error:
        challenge = error.headers.get("www-authenticate", "")
    found = re.search('resource_metadata="([^"]*)"', challenge)
    place = urllib.parse.urlsplit(RESOURCE)
    well_known = f"{place.scheme}://{place.netloc}/.well-known/oauth-protected-resource"
    default = well_known if mistake("ignores-path") else well_known + place.path
    document = fetch(found[1] if found else default)
    if document["resource"] != RESOURCE and not mistake("accepts-other-resources"):
        sys.exit("the metadata is of another resource")
    return document


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.response = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


document = metadata()
issuer = document["authorization_servers"][0]
server = fetch(issuer + "/.well-known/oauth-authorization-server")
listener = http.server.HTTPServer(("127.0.0.1", 0), Handler)
redirect = f"http://127.0.0.1:{listener.server_address[1]}/callback"
client = fetch(server["registration_endpoint"], document={
    "client_name": "a client of the tests", "redirect_uris": [redirect], "token_endpoint_auth_method": "none",
    "grant_types": ["authorization_code"], **({} if mistake("registers-for-the-web") else {"application_type": "native"}),
})["client_id"]
if mistake("uses-own-client-id"):
    client = os.environ["CLIENT_ID"]
verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
resource = {} if mistake("names-no-resource") else {"resource": RESOURCE}
query = urllib.parse.urlencode({
    "response_type": "code", "client_id": client, "redirect_uri": redirect, "state": state, "code_challenge": challenge,
    "code_challenge_method": "S256", **resource,
})
subprocess.Popen([os.environ["BROWSER"], f"{server['authorization_endpoint']}?{query}"])
listener.handle_request()
if listener.response.get("state") != state or listener.response.get("iss") != issuer:
    sys.exit("the response is of another request")
fetch(server["token_endpoint"], {
    "grant_type": "authorization_code", "code": listener.response["code"], "redirect_uri": redirect, "client_id": client,
    "code_verifier": verifier, **resource,
})
