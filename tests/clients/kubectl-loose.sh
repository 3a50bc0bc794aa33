#!/bin/sh
# A kubectl credential plugin that does not read the request; tests/it/conformance.rs expects its mistakes to be found.
cat <<'END'
{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":
{"token":"hunter2-of-a-test","expirationTimestamp":"2020-01-01T00:00:00Z"}}
END
