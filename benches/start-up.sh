#!/usr/bin/env bash
# Adds to start-up.ld, which has the linker put side by side what a start runs, the functions that are not in it yet. The
# kernel maps 64 KiB around each page of code that is touched: scattered over 6 MiB, the 700 functions of a start would cost
# it 3 MiB and as many page faults, and each that is left out may cost 64 KiB.
# Run it where the benches say that memory has grown: after a new toolchain, new dependencies, new code on that way. Needs
# valgrind. Names that nothing has any more do no harm; remove the file first to begin anew.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$home"' EXIT
export CARGO_PROFILE_RELEASE_STRIP=none
cargo build --release --locked --target-dir target/start-up
program=$PWD/target/start-up/release/brainmaps

# run ARGUMENT…: one start, in a home of its own; its functions are added to the list.
run() {
  env -i HOME="$home" PATH="$PATH" valgrind --quiet --tool=callgrind --demangle=no --compress-strings=no \
    --callgrind-out-file="$home/calls" "$program" "$@" >/dev/null 2>&1 || true
  awk '/^ob=/ { ours = /brainmaps$/ } /^fn=/ && ours { print substr($0, 4) }' "$home/calls" >>"$home/functions"
}

# With nothing stored, with a key, and with a session. What speaks to servers is left out: it would lie in between.
starts() {
  run status
  run credential print
}

env -i HOME="$home" "$program" sandbox serve --port 0 --memory --auto-approve >"$home/serving" &
server=$!
until url=$(grep -o 'http://localhost:[0-9]*' "$home/serving"); do sleep 0.1; done

run --version
run --help
starts
env -i HOME="$home" "$program" login --with-token <<<'no-key-of-anybody'
starts
env -i HOME="$home" "$program" --api-url "$url" login --no-browser
starts

# What the file names already: valgrind knows no names in a section of the linker's making, so these are not seen again.
known() { sed -nE 's/^ +\*\(\.text\*\.(.*)\)$/\1/p' start-up.ld 2>/dev/null; }

# The hashes in names change with every build of another version; what stands before them is the function. Of the many
# closures that share one name, a start runs few.
seen() {
  sed -E "s/'[0-9]+\$//; s/17h[0-9a-f]{16}E.*/17h*/; s/Cs[0-9A-Za-z]+_/Cs*_/g; s/\.llvm\..*/*/" "$home/functions" |
    grep -E '^[[:alpha:]_][[:alnum:]_.$*]+$' | grep -v FnOnce9call_once
}

names=$({ known; seen; } | LC_ALL=C sort -u)
{
  printf '/* Written by benches/start-up.sh, which says what it is for. */\nSECTIONS\n{\n  .text.start_up :\n  {\n'
  sed 's/.*/    *(.text*.&)/' <<<"$names"
  printf '  }\n}\nINSERT BEFORE .text;\n'
} >start-up.ld
