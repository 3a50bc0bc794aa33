#!/bin/sh
# A docker credential helper with the usual mistakes; tests/it/conformance.rs expects them to be found.
case $1 in
  get)
    read -r server
    case $server in
      *git.example.com*)
        # The user marks a refresh token, and this is an access token.
        secret=eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.e30.x
        printf '{"ServerURL":"%s","Username":"<token>","Secret":"%s"}\n' "$server" "$secret"
        ;;
      *) echo 'credentials not found' >&2; exit 1 ;;
    esac
    ;;
  list) echo '[]' ;;
esac
