#!/bin/sh
# A git credential helper with the usual mistakes; tests/it/conformance.rs expects them to be found.
[ "$1" = get ] || { echo "operation $1 done"; exit 1; }
request=$(cat | tr -d '\r\000')
case $request in
  *git.example.com*)
    echo 'Looking for a credential ...'
    echo username=me
    echo password=hunter2-of-a-test
    echo password_expiry_utc=1000
    echo 'debug: password=hunter2-of-a-test' >&2
    ;;
esac
