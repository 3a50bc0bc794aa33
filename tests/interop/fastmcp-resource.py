"""A protected MCP server: PyPI `fastmcp`. It accepts JWTs of another authorization server, whose keys it fetches; without one, it
has an authorization server of its own, with dynamic registration, which approves every request.

options: {"issuer": URL or nothing, "jwks_uri": URL}
requests: browse {url}
"""

import requests
import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth import JWTVerifier, RemoteAuthProvider
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider
from lib.channel import listen, options, report, serve_requests
from mcp.server.auth.settings import ClientRegistrationOptions, RevocationOptions

listener, origin = listen()
resource = f"{origin}/mcp"
SCOPES = ["tools:read"]


class OwnServer(InMemoryOAuthProvider):
    """Reports what it issues."""

    async def exchange_authorization_code(self, client, authorization_code):
        return reported(await super().exchange_authorization_code(client, authorization_code))

    async def exchange_refresh_token(self, client, refresh_token, scopes):
        return reported(await super().exchange_refresh_token(client, refresh_token, scopes))


def reported(tokens):
    for value in [tokens.access_token, tokens.refresh_token]:
        report(secret=value)
    return tokens


def own_server():
    return OwnServer(
        base_url=origin,
        required_scopes=SCOPES,
        client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=SCOPES, default_scopes=SCOPES),
        revocation_options=RevocationOptions(enabled=True),
    )


def other_server(issuer, jwks_uri):
    # The verifier would reject a token without the scopes as invalid.
    verifier = JWTVerifier(jwks_uri=jwks_uri, issuer=issuer, audience=resource)
    return RemoteAuthProvider(
        token_verifier=verifier,
        authorization_servers=[issuer],
        base_url=origin,
        scopes_supported=SCOPES,
        required_scopes=SCOPES,
        challenge_scopes=SCOPES,
    )


issuer = options().get("issuer")
server = FastMCP("tools", auth=other_server(issuer, options()["jwks_uri"]) if issuer else own_server())


@server.tool
def echo(text: str) -> str:
    return text


def browse(url):
    last = requests.get(url)
    return {"status": last.status_code, "text": last.text}


serve_requests({"browse": browse})
report(ready={"url": resource})
uvicorn.Server(uvicorn.Config(server.http_app(path="/mcp"), log_level="warning")).run(sockets=[listener])
