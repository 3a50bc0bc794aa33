"""A third-party authorization server: PyPI `authlib` with its Flask integration. It requires PKCE and rotates refresh tokens.

options: {"access_ttl": seconds, "redirect_uri": of the client `native`, compared as a whole, "auth_methods": the methods of
client authentication that the metadata lists}
requests: browse {url, decision: approve or deny} · active {token} · seen
"""

import os
import secrets
import time
from types import SimpleNamespace

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Flask, jsonify, request
from lib.channel import listen, options, report, serve_requests
from werkzeug.serving import make_server

# The library refuses http otherwise.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
SCOPES = ["maps:read", "maps:write"]
METHODS = ["none", "client_secret_basic", "client_secret_post"]
USER = SimpleNamespace(id="ada")
ttl = options().get("access_ttl", 600)
codes, tokens, seen = {}, [], []


class Client(ClientMixin):
    def __init__(self, client_id, method, grant_types, secret="", redirect_uri=None):
        self.client_id, self.method, self.grant_types = client_id, method, grant_types
        self.secret, self.redirect_uri = secret, redirect_uri

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.redirect_uri

    def get_allowed_scope(self, scope):
        return " ".join(name for name in (scope or "").split() if name in SCOPES)

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in self.grant_types


class Code(SimpleNamespace, AuthorizationCodeMixin):
    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Token(SimpleNamespace, TokenMixin):
    def check_client(self, client):
        return self.client_id == client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.expires_in

    def is_revoked(self):
        return self.revoked

    def is_expired(self):
        return self.issued_at + self.expires_in < time.time()


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, request):
        payload = request.payload
        codes[code] = Code(
            client_id=request.client.client_id,
            redirect_uri=payload.redirect_uri,
            scope=payload.scope,
            code_challenge=payload.data.get("code_challenge"),
            code_challenge_method=payload.data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        for code in [code for code, found in codes.items() if found is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code):
        return USER


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        found = find(refresh_token, "refresh_token")
        return None if not found or found.revoked else found

    def authenticate_user(self, refresh_token):
        return USER

    def revoke_old_credential(self, refresh_token):
        refresh_token.revoked = True


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[1:]


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string, token_type_hint):
        kinds = [token_type_hint] if token_type_hint else ["access_token", "refresh_token"]
        return next((found for kind in kinds if (found := find(token_string, kind))), None)

    def revoke_token(self, token, request):
        token.revoked = True


def find(value, kind):
    return next((token for token in tokens if value and getattr(token, kind) == value), None)


def save_token(token, request):
    for kind in ["access_token", "refresh_token"]:
        if token.get(kind):
            report(secret=token[kind])
    issued = {"refresh_token": None, "scope": "", **token}
    tokens.append(Token(client_id=request.client.client_id, issued_at=time.time(), revoked=False, **issued))


listener, issuer = listen()
# Without a space, since the library decodes no `+` in HTTP Basic.
SECRET = "canary:client-secret"
CLIENTS = {
    client.client_id: client
    for client in [
        Client("native", "none", ["authorization_code", "refresh_token"], redirect_uri=options().get("redirect_uri")),
        *(Client(method, method, ["client_credentials"], secret=SECRET) for method in METHODS[1:]),
    ]
}


class Issuer(IssuerParameter):
    def __init__(self, server):
        self(server)

    def get_issuer(self):
        return issuer


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_SCOPES_SUPPORTED"] = SCOPES
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {
    kind: ttl for kind in ["authorization_code", "refresh_token", "client_credentials"]
}
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save_token)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(RefreshGrant)
server.register_grant(ClientCredentialsGrant)
server.register_endpoint(Revocation)
server.register_extension(Issuer)


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    listed = options().get("auth_methods", METHODS)
    document = AuthorizationServerMetadata(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        revocation_endpoint=f"{issuer}/revoke",
        scopes_supported=SCOPES,
        response_types_supported=["code"],
        grant_types_supported=["authorization_code", "refresh_token", "client_credentials"],
        token_endpoint_auth_methods_supported=listed,
        revocation_endpoint_auth_methods_supported=listed,
        code_challenge_methods_supported=["S256"],
        authorization_response_iss_parameter_supported=True,
    )
    return jsonify(document)


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    grant = server.get_consent_grant(end_user=USER)
    if request.method == "GET":
        return f"{grant.client.client_id} asks for access"
    user = USER if request.form["decision"] == "approve" else None
    return server.create_authorization_response(grant=grant, grant_user=user)


def recorded(response):
    seen.append({
        "path": request.path,
        "grant_type": request.form.get("grant_type"),
        "hint": request.form.get("token_type_hint"),
        "basic": request.authorization is not None,
        "status": response.status_code,
    })
    return response


@app.post("/token")
def token():
    return recorded(server.create_token_response())


@app.post("/revoke")
def revoke():
    return recorded(server.create_endpoint_response("revocation"))


def browse(url, decision):
    """From the consent page to the page of the program."""
    with requests.Session() as session:
        consent = session.get(url)
        consent.raise_for_status()
        last = session.post(url, data={"decision": decision}, allow_redirects=False)
        if "location" in last.headers:
            last = session.get(last.headers["location"])
        return {"status": last.status_code, "text": last.text}


def active(token):
    found = find(token, "access_token") or find(token, "refresh_token")
    return bool(found) and not found.revoked and not found.is_expired()


http = make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno())
serve_requests({"browse": browse, "active": active, "seen": lambda: seen})
report(ready={"issuer": issuer})
http.serve_forever()
