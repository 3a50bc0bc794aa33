# A client nobody here wrote: PyPI `msal`, signing in by the device flow or by the authorization code flow, then refreshing.
# It accepts https servers only, so `Https` shows it the sandbox as one.
#
# arguments: device|code ISSUER CLIENT_ID; the server approves every request. Prints facts about the tokens, never the tokens.
import json
import sys
import threading
import urllib.request

import msal
import requests

flow, issuer, client_id = sys.argv[1:]
secure = issuer.replace("http:", "https:")


class Https:
    """Sends requests for the https server to the sandbox, and names the https server in the metadata."""

    def get(self, url, **options):
        return self.shown(requests.get(url.replace(secure, issuer), **options))

    def post(self, url, **options):
        return self.shown(requests.post(url.replace(secure, issuer), **options))

    def close(self):
        pass

    @staticmethod
    def shown(response):
        if "/.well-known/" in response.url:
            response._content = response.content.replace(issuer.encode(), secure.encode())
            response.encoding = "utf-8"
        return response


def visit(url):
    """The browser: the server responds with a redirect to the client."""
    threading.Thread(target=lambda: urllib.request.urlopen(url.replace(secure, issuer)).read()).start()


app = msal.PublicClientApplication(client_id, oidc_authority=secure, http_client=Https())
scopes = ["brains:read", "email"]
if flow == "device":
    started = app.initiate_device_flow(scopes=scopes)
    print(json.dumps({"user_code": started["user_code"], "verification_uri": started["verification_uri"]}))
    result = app.acquire_token_by_device_flow(started)
else:
    result = app.acquire_token_interactive(scopes, auth_uri_callback=visit, timeout=60)
if "access_token" not in result:
    sys.exit(f"refused: {result}")
claims = result["id_token_claims"]
[account] = app.get_accounts()
renewed = app.acquire_token_silent_with_error(scopes, account, force_refresh=True)
facts = {"scope": result.get("scope"), "email": claims.get("email"), "aud": claims["aud"], "refreshed": "access_token" in (renewed or {})}
print(json.dumps(facts))
