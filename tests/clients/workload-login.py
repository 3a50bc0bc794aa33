#!/usr/bin/env python3
"""A client of token exchange for `sandbox conformance --flow workload`.

Without arguments it follows every rule. Each argument is a mistake, which tests/it/conformance/workload.rs expects to be found.
"""
import json, os, sys, urllib.error, urllib.parse, urllib.request

ISSUER, CLIENT = os.environ["ISSUER"], os.environ["CLIENT_ID"]
MISTAKES = set(sys.argv[1:])
TYPE = "urn:ietf:params:oauth:token-type:jwt"


def mistake(name):
    return name in MISTAKES


def fetch(url, form=None):
    """Returns the JSON response. The opener of urllib follows no redirect of a POST with status 307."""
    data = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.urlopen(url, data, timeout=20) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 307 and mistake("follows-redirects"):
            return fetch(error.headers["location"], form)
        body = error.read().decode(errors="replace") if error.headers.get_content_type() == "application/json" else ""
        sys.exit(0 if mistake("ignores-errors") else f"{url}: {error.code} {body}")


issuer = urllib.parse.urlsplit(ISSUER)
well_known = "/.well-known/oauth-authorization-server"
url = f"{issuer.scheme}://{issuer.netloc}{well_known}{issuer.path}"
server = fetch(ISSUER + well_known if mistake("appends-well-known") else url)
if server["issuer"] != ISSUER and not mistake("ignores-issuer"):
    sys.exit("the metadata is of another issuer")
with open(os.environ["SUBJECT_TOKEN_FILE"]) as file:
    subject = file.read()
if mistake("shows-token"):
    print(f"debug: {subject}")
form = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "client_id": CLIENT, "subject_token": subject,
    "subject_token_type": TYPE, **({"audience": ""} if mistake("empty-parameter") else {}),
}
tokens = fetch(server["token_endpoint"], form)
if tokens["token_type"].lower() != "bearer" and not mistake("accepts-any-type"):
    sys.exit("the token is not an access token")
if mistake("requires-lifetime"):
    tokens["expires_in"]
