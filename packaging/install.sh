#!/bin/sh
# Installs brainmaps for one user, from a release. It needs no root, and writes only below the prefix.
set -eu

version='@VERSION@'
target='@TARGET@'
# Where the files of this release are. Empty in a build that was not published: then --from is required.
releases='@RELEASES@'

usage() {
  cat <<EOF
Install brainmaps $version

Usage: install.sh [--prefix DIR] [--from DIR|URL]
       install.sh --uninstall [--prefix DIR]

Options:
  --prefix DIR    Install below this directory [default: ~/.local]
  --from DIR|URL  Take the archive and SHA256SUMS from this directory or https URL
  --uninstall     Remove what this script installed
  -h, --help      Print help
EOF
}

fail() {
  printf 'error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# fetch NAME: puts a file of the release into the temporary directory.
fetch() {
  case $from in
    https://*)
      have curl || fail 'cannot download: curl is not installed' 'download the files yourself, and name the directory with --from'
      # Redirects must be https, too.
      curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$temporary/$1" "$from/$1" ||
        fail "cannot download $from/$1"
      ;;
    *://*) fail "cannot download from $from: only https is supported" ;;
    *) cp "$from/$1" "$temporary/$1" || fail "cannot read $from/$1" ;;
  esac
}

sha256() {
  if have sha256sum; then
    sha256sum "$1"
  elif have shasum; then
    shasum -a 256 "$1"
  else
    fail 'cannot verify the archive: neither sha256sum nor shasum is installed'
  fi | cut -d ' ' -f 1
}

check_platform() {
  [ "$(uname -s)-$(uname -m)" = "Linux-${target%%-*}" ] || fail \
    "no archive for $(uname -s) on $(uname -m), only for $target" 'build it from source: cargo install --locked --path .'
}

# Every path in the list is relative to the prefix and written by this script. Others are not followed.
listed() {
  [ ! -f "$prefix/$list" ] || grep -v -e '^/' -e '\(^\|/\)\.\.\(/\|$\)' "$prefix/$list" || true
}

# write_list FILE…: records the paths in the files, and the list itself.
write_list() {
  mkdir -p "$prefix/${list%/*}"
  { cat "$@" && echo "$list"; } | LC_ALL=C sort -u >"$temporary/list"
  cp "$temporary/list" "$prefix/$list.new"
  mv -f "$prefix/$list.new" "$prefix/$list"
}

# remove_listed FILE: removes the files in the list FILE, then the directories in it that are empty, deepest first.
remove_listed() {
  grep -v '/$' "$1" | while IFS= read -r path; do rm -f "$prefix/$path"; done
  grep '/$' "$1" | sort -r | while IFS= read -r path; do rmdir "$prefix/$path" 2>/dev/null || true; done
}

install_files() {
  check_platform
  [ -n "$from" ] || fail 'this copy of the script belongs to no release' 'name the directory of the packages with --from'
  name=brainmaps-$version-$target
  fetch "$name.tar.gz"
  fetch SHA256SUMS
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\.tar\.gz\$/\1/p" "$temporary/SHA256SUMS")
  [ -n "$expected" ] || fail "SHA256SUMS does not list $name.tar.gz"
  [ "$(sha256 "$temporary/$name.tar.gz")" = "$expected" ] || fail \
    "the checksum of $name.tar.gz is not the one in SHA256SUMS" 'download both again'
  tar -xzf "$temporary/$name.tar.gz" -C "$temporary"
  "$temporary/$name/bin/brainmaps" --version >/dev/null || fail \
    'the program does not run on this system' 'build it from source: cargo install --locked --path .'

  (cd "$temporary/$name" && find . ! -type d | sed 's|^\./||') >"$temporary/files"
  (cd "$temporary/$name" && find . -mindepth 1 -type d | sed 's|^\./||' | LC_ALL=C sort) >"$temporary/directories"
  listed >"$temporary/old"
  while IFS= read -r path; do
    if [ -e "$prefix/$path" ] || [ -L "$prefix/$path" ]; then
      grep -qxF "$path" "$temporary/old" || fail "$prefix/$path exists and was not installed by this script" 'move it away'
    fi
  done <"$temporary/files"

  # The directories of an earlier version are still removed with this one.
  grep '/$' "$temporary/old" >"$temporary/created" || true
  while IFS= read -r path; do
    [ -d "$prefix/$path" ] || printf '%s/\n' "$path" >>"$temporary/created"
  done <"$temporary/directories"
  # Written first and last: an interrupted installation can be repeated and removed.
  write_list "$temporary/files" "$temporary/created" "$temporary/old"
  while IFS= read -r path; do mkdir -p "$prefix/$path"; done <"$temporary/directories"
  while IFS= read -r path; do
    # Renamed, so that a running program is not changed.
    cp -P "$temporary/$name/$path" "$prefix/$path.new"
    mv -f "$prefix/$path.new" "$prefix/$path"
  done <"$temporary/files"
  echo "$list" >>"$temporary/files"
  grep -v '/$' "$temporary/old" | grep -vxF -f "$temporary/files" >"$temporary/gone" || true
  [ ! -s "$temporary/gone" ] || remove_listed "$temporary/gone"
  write_list "$temporary/files" "$temporary/created"

  echo "installed brainmaps $version in $prefix"
  case :$PATH: in
    *":$prefix/bin:"*) ;;
    *) printf 'hint: add this line to the start-up file of your shell: export PATH="%s/bin:$PATH"\n' "$prefix" >&2 ;;
  esac
}

uninstall_files() {
  [ -f "$prefix/$list" ] || fail "this script installed nothing in $prefix" 'name the directory with --prefix'
  listed >"$temporary/old"
  remove_listed "$temporary/old"
  echo "removed brainmaps from $prefix; credentials and settings are kept"
}

# A function, so that an incomplete download of this script does nothing.
main() {
  prefix=${HOME:-}/.local
  from=$releases
  action=install_files
  list=share/doc/brainmaps/installed-files
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --from)
        [ $# -gt 1 ] || fail "$1 requires a value"
        case $1 in --prefix) prefix=$2 ;; *) from=$2 ;; esac
        shift
        ;;
      --uninstall) action=uninstall_files ;;
      -h | --help) usage; exit ;;
      *) fail "unexpected argument: $1" 'see install.sh --help' ;;
    esac
    shift
  done
  case $prefix in
    /.local) fail 'HOME is not set' 'name a directory with --prefix' ;;
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  umask 022
  temporary=$(mktemp -d)
  trap 'rm -rf "$temporary"' EXIT
  trap 'exit 130' INT TERM HUP
  "$action"
}

main "$@"
