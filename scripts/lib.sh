# shellcheck shell=bash
# What the scripts share. Sourced, never run; it leaves the shell in the root of the checkout.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# shellcheck disable=SC2034 # some are for the scripts that source this
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' red='' green='' plain=''
fi

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }

fail() {
  printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# What could not be found or installed, one line each; `stop_if_missing` prints them all at once.
missing=()

stop_if_missing() {
  ((${#missing[@]})) || return 0
  printf '%serror:%s this is missing:\n' "$red" "$plain" >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif has sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# apt_install PACKAGE: installs a Debian package; fails where that is not possible.
apt_install() {
  has apt-get && as_root true || return 1
  say "installing $1"
  local log
  log=$(mktemp)
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" >"$log" 2>&1; then
    # The first try may only have lacked a package list, or had an old one.
    as_root apt-get update >"$log" 2>&1 || true
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" >>"$log" 2>&1; then
      tail -n 20 "$log" >&2
      rm -f "$log"
      return 1
    fi
  fi
  rm -f "$log"
}

chromium_path() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [[ -n $name ]] && has "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# The folder with PostgreSQL's own programs; Debian keeps them off the PATH.
postgres_folder() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [[ -x $folder/postgres && -x $folder/initdb ]]; then
      echo "$folder"
      return
    fi
  done
  has postgres && has initdb || return 1
  dirname "$(readlink -f "$(command -v postgres)")"
}

need_chromium() {
  chromium_path >/dev/null || apt_install chromium || true
  chromium_path >/dev/null ||
    missing+=("the browser Chromium (Debian: apt-get install chromium), or CHROMIUM=/path/to/it")
}

need_postgres() {
  # Debian's package makes and starts a cluster of its own unless told not to; the tests never use it.
  if ! postgres_folder >/dev/null && apt_install postgresql-common; then
    echo 'create_main_cluster = false' | as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null
    apt_install postgresql || true
  fi
  postgres_folder >/dev/null || missing+=("PostgreSQL's server (Debian: apt-get install postgresql)")
}

# What every build needs.
need_build_tools() {
  has cargo || missing+=("cargo: install Rust with rustup; rust-toolchain.toml names the version")
  has cc || apt_install build-essential || missing+=("a C compiler (Debian: apt-get install build-essential)")
  if ! has node || ! has npm; then
    missing+=("Node.js 20.19 or newer, with npm")
  elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    missing+=("Node.js 20.19 or newer (this is $(node --version))")
  fi
}

need_python() {
  has python3 || apt_install python3 || true
  # Debian has the part that makes virtual environments in a package of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv || true
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=("Python 3 with venv (Debian: apt-get install python3-venv)")
}

checksum() { sha256sum | cut -d ' ' -f 1; }

# npm_install FOLDER: `npm ci`, only when its lock file or the Node.js version changed since the last one.
npm_install() {
  local stamp=$1/node_modules/.installed wanted
  wanted=$({ cat "$1/package-lock.json" && node --version; } | checksum)
  [[ -f $stamp && $(<"$stamp") == "$wanted" ]] && return
  say "installing the npm packages of $1"
  # Chromium comes from the system; no package of ours needs a script at install.
  npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$wanted" >"$stamp"
}

# build_package FOLDER FILE: builds FOLDER/dist when a source changed since the last build, or FILE is not in it.
build_package() {
  npm_install "$1"
  local stamp=$1/node_modules/.built wanted
  wanted=$(find "$1" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/.svelte-kit/*' \
    -not -path '*/tests/screenshots/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | checksum)
  if [[ -f $1/dist/$2 && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    echo "$1/dist is up to date"
    return
  fi
  npm run build --prefix "$1"
  echo "$wanted" >"$stamp"
}

# Builds what the Rust program embeds: the web app, and the elements of task pages.
build_web() {
  build_package web/app index.html
  build_package web/elements elements.js
}

# part NAME COMMAND...: runs one part of a longer run, goes on when it fails, and remembers how it went.
parts=()
failed=0

part() {
  local name=$1 status=0 begun=$SECONDS
  shift
  printf '\n'
  say "$name"
  # In a shell of its own, so that `set -e` holds inside of functions too.
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  local line
  line=$(printf '%-24s %s in %d s' "$name" "$( ((status)) && echo FAILED || echo passed)" $((SECONDS - begun)))
  ((status == 0)) || failed=1
  parts+=("$line")
  say "$line"
}

# Prints how the parts went, and ends the run.
summary() {
  printf '\n'
  local line
  for line in "${parts[@]}"; do
    if [[ $line == *FAILED* ]]; then
      printf '%s%s%s\n' "$red" "$line" "$plain"
    else
      printf '%s%s%s\n' "$green" "$line" "$plain"
    fi
  done
  printf 'all in %d s\n' "$SECONDS"
  exit "$failed"
}
