#!/bin/sh
# A device flow client that breaks most rules; tests/it/conformance.rs expects the violations to be found.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

metadata=$(curl -s "$ISSUER/.well-known/oauth-authorization-server")
device=$(printf %s "$metadata" | member device_authorization_endpoint)
token=$(printf %s "$metadata" | member token_endpoint)

answer=$(curl -s -d "client_id=$CLIENT_ID" -d scope= "$device")
code=$(printf %s "$answer" | member device_code)
echo "Open $(printf %s "$answer" | member verification_uri_complete)"
echo "debug: device_code $code"

for _ in 1 2 3 4 5 6; do
  tokens=$(curl -sL -d grant_type=urn:ietf:params:oauth:grant-type:device_code \
    -d "client_id=$CLIENT_ID" -d "device_code=$code" "$token")
  case $tokens in *access_token*) break ;; esac
  sleep 0.1
done
exit 0
