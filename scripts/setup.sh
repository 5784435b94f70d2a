#!/usr/bin/env bash
# Everything that `make run` (setup.sh runtime) or `make test` (setup.sh dev) needs, and nothing twice:
# system libraries, .venv from the hash-locked requirements, compiled assets. Safe to run at any time.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly group="${1:-runtime}"
case "$group" in runtime | dev) ;; *) echo "usage: scripts/setup.sh runtime|dev" >&2; exit 2 ;; esac

# An empty environment has no HOME; the tools below keep their caches there.
export HOME="${HOME:-$(cd ~ && pwd)}"
readonly stamps=.venv/.stamps

say() { printf '==> %s\n' "$*"; }
fail() { printf 'make: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- Python ---------------------------------------------------------------------------------------------------------

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [[ -n "$candidate" ]] && has "$candidate" &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed (or name one: PYTHON=/path/to/python make run)"
}

# --- System libraries -----------------------------------------------------------------------------------------------

has_library() { "$python" -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library(sys.argv[1]))' "$1"; }
has_browser() {
  has chromium || has chromium-browser || has google-chrome || [[ -d "/Applications/Google Chrome.app" ]]
}

missing_on_debian() {
  has_library pango-1.0 || echo libpango-1.0-0
  has_library pangoft2-1.0 || echo libpangoft2-1.0-0
  has_library harfbuzz-subset || echo libharfbuzz-subset0
  [[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]] || echo fonts-dejavu-core
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
  if [[ "$group" == dev ]]; then has_browser || echo chromium; fi
}

missing_on_macos() {
  has_library pango-1.0 || echo pango
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    "$@"
  elif has sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    sudo "$@"
  else
    fail "these system packages are missing and need root: run this once, then start again:
  apt-get install --no-install-recommends ${packages[*]}"
  fi
}

install_system_libraries() {
  local stamp="$stamps/system-$group"
  [[ -e "$stamp" ]] && return
  local packages=()
  if has apt-get; then
    mapfile -t packages < <(missing_on_debian)
    if [[ ${#packages[@]} -gt 0 ]]; then
      say "system packages: ${packages[*]}"
      as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
    fi
  elif has brew; then
    while IFS= read -r package; do packages+=("$package"); done < <(missing_on_macos)
    if [[ ${#packages[@]} -gt 0 ]]; then
      say "system packages: ${packages[*]}"
      brew install --quiet "${packages[@]}"
    fi
  elif ! has_library pango-1.0; then
    fail "the Pango library is missing, and this machine has neither apt-get nor brew: install Pango 1.44 or newer"
  fi
  if [[ "$group" == dev ]] && ! has_browser; then
    say "no Chromium or Chrome was found: the browser tests will say so"
    return
  fi
  make_stamp "$stamp"
}

# --- Python packages ------------------------------------------------------------------------------------------------

make_stamp() {
  # Without a virtual environment there is nothing yet to remember anything about.
  if [[ -x .venv/bin/python ]]; then
    mkdir -p "$stamps"
    touch "$1"
  fi
}

make_environment() {
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "virtual environment .venv ($("$python" --version))"
    "$python" -m venv --clear .venv
  fi
}

install_packages() { # NAME: what requirements/NAME.txt locks
  local stamp="$stamps/requirements-$1"
  [[ -e "$stamp" && ! "requirements/$1.txt" -nt "$stamp" ]] && return
  say "Python packages: requirements/$1.txt"
  if ! [[ -x .venv/bin/uv ]]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      -r requirements/bootstrap.txt
  fi
  # System certificates: an office proxy signs with its own. pip is the slow way for where uv finds no index.
  .venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --no-deps --require-hashes \
    --only-binary :all: -r "requirements/$1.txt" ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      --only-binary :all: -r "requirements/$1.txt"
  make_stamp "$stamp"
}

# --- Assets ---------------------------------------------------------------------------------------------------------

newer_than() { # STAMP PATH...: whether any path, or anything under it, was changed after the stamp
  local stamp="$1"
  shift
  [[ ! -e "$stamp" ]] || [[ -n "$(find "$@" -newer "$stamp" -print -quit)" ]]
}

has_node() {
  has node && has npm && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

build_assets() {
  local inputs=(package.json package-lock.json scripts/build-assets.mjs static/src)
  if [[ -d static/dist ]] && ! newer_than "$stamps/assets" "${inputs[@]}"; then return; fi
  if ! has_node; then
    install_packages node
    export PATH="$PWD/.venv/bin:$PATH"
  fi
  # The file that npm writes last: an interrupted installation leaves the directory without it.
  if [[ ! -e node_modules/.package-lock.json ]] || newer_than "$stamps/npm" package.json package-lock.json; then
    say "front-end packages: package-lock.json"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    make_stamp "$stamps/npm"
  fi
  say "assets: static/dist"
  node scripts/build-assets.mjs
  make_stamp "$stamps/assets"
}

python="$(find_python)"
install_system_libraries
make_environment
install_packages "$group"
build_assets
