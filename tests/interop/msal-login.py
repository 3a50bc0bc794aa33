# A client nobody here wrote: PyPI `msal`, signing in by the device flow or by the authorization code flow, then refreshing.
# It accepts https servers only, so `Https` shows it the sandbox as one.
#
# arguments: device|code ISSUER CLIENT_ID PORT, where http://localhost:PORT is a redirect URI; the server approves every request. Prints facts about the tokens, never the tokens.
import html.parser
import json
import sys
import threading

import msal
import requests

flow, issuer, client_id, port = sys.argv[1:]
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


class Form(html.parser.HTMLParser):
    """The form with the response for the client."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input":
            self.fields[attributes["name"]] = attributes["value"]


def visit(url):
    """The browser: submits the form, as its script does."""
    def submit():
        form = Form(requests.get(url.replace(secure, issuer)).text)
        requests.post(form.action, data=form.fields)

    threading.Thread(target=submit).start()


app = msal.PublicClientApplication(client_id, oidc_authority=secure, http_client=Https())
scopes = ["email"]
if flow == "device":
    started = app.initiate_device_flow(scopes=scopes)
    print(json.dumps({"user_code": started["user_code"], "verification_uri": started["verification_uri"]}))
    result = app.acquire_token_by_device_flow(started)
else:
    result = app.acquire_token_interactive(scopes, auth_uri_callback=visit, port=int(port), timeout=60)
if "access_token" not in result:
    sys.exit(f"refused: {result}")
claims = result["id_token_claims"]
[account] = app.get_accounts()
renewed = app.acquire_token_silent_with_error(scopes, account, force_refresh=True)
facts = {"scope": result.get("scope"), "email": claims.get("email"), "aud": claims["aud"], "refreshed": "access_token" in (renewed or {})}
print(json.dumps(facts))
