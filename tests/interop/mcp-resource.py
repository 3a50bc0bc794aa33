"""A protected MCP server: PyPI `mcp`, with the SDK's own authorization server for it, dynamic registration and rotation of the
refresh token. It accepts only tokens that were issued for it, and approves every request.

options: {"access_ttl": seconds}
requests: browse {url} · active {token} · seen
"""

import secrets
import time

import requests
import uvicorn
from lib.channel import listen, options, report, serve_requests
from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken, construct_redirect_uri
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.auth import OAuthToken

ttl = options().get("access_ttl", 600)
listener, issuer = listen()
SCOPES = ["maps:read"]


class Provider:
    """Keeps everything in memory."""

    def __init__(self):
        self.clients, self.codes, self.access, self.refresh, self.seen = {}, {}, {}, {}, []

    async def get_client(self, client_id):
        return self.clients.get(client_id)

    async def register_client(self, client_info):
        self.seen.append({"registered": client_info.token_endpoint_auth_method})
        self.clients[client_info.client_id] = client_info

    async def authorize(self, client, params):
        code = secrets.token_urlsafe(32)
        self.codes[code] = AuthorizationCode(
            code=code,
            scopes=params.scopes or SCOPES,
            expires_at=time.time() + 60,
            client_id=client.client_id,
            subject="ada",
            **params.model_dump(exclude={"state", "scopes"}),
        )
        return construct_redirect_uri(str(params.redirect_uri), code=code, state=params.state, iss=issuer)

    async def load_authorization_code(self, client, authorization_code):
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(self, client, authorization_code):
        del self.codes[authorization_code.code]
        return self.issue("authorization_code", authorization_code, authorization_code.scopes)

    async def load_refresh_token(self, client, refresh_token):
        return self.refresh.get(refresh_token)

    async def exchange_refresh_token(self, client, refresh_token, scopes):
        del self.refresh[refresh_token.token]
        return self.issue("refresh_token", refresh_token, scopes)

    async def load_access_token(self, token):
        return self.access.get(token)

    async def revoke_token(self, token):
        self.seen.append({"revoked": type(token).__name__})
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def issue(self, grant, source, scopes):
        common = {"client_id": source.client_id, "scopes": scopes, "resource": source.resource, "subject": source.subject}
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        for value in [access, refresh]:
            report(secret=value)
        self.access[access] = AccessToken(token=access, expires_at=int(time.time()) + ttl, **common)
        self.refresh[refresh] = RefreshToken(token=refresh, **common)
        self.seen.append({"grant": grant, "resource": source.resource})
        return OAuthToken(access_token=access, expires_in=ttl, scope=" ".join(scopes), refresh_token=refresh)


provider = Provider()
resource = f"{issuer}/mcp"
server = MCPServer(
    "maps",
    auth_server_provider=provider,
    auth=AuthSettings(
        issuer_url=issuer,
        resource_server_url=resource,
        validate_token_resource=True,
        required_scopes=SCOPES,
        client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=SCOPES, default_scopes=SCOPES),
        revocation_options=RevocationOptions(enabled=True),
    ),
)


@server.tool()
async def echo(text: str) -> str:
    return text


@server.tool()
async def count(to: int, context: Context) -> str:
    for number in range(to):
        await context.report_progress(number + 1, to)
    return f"counted to {to}"


def browse(url):
    last = requests.get(url)
    return {"status": last.status_code, "text": last.text}


serve_requests({
    "browse": browse,
    "active": lambda token: token in provider.access,
    "seen": lambda: provider.seen,
})
report(ready={"issuer": issuer, "url": resource})
uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="warning")).run(sockets=[listener])
