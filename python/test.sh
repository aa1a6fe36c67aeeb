#!/usr/bin/env bash
# Makes the environments, builds the package and runs its tests. The first run installs; later ones only what changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export PIP_DISABLE_PIP_VERSION_CHECK=1
python=${PYTHON:-python3}

# environment NAME REQUIREMENTS: a virtual environment with these requirements, made anew when they change.
environment() {
  local stamp=$1/.requirements
  if ! cmp -s "$2" "$stamp"; then
    rm -rf "$1"
    "$python" -m venv "$1"
    "$1/bin/pip" install --quiet --requirement "$2" || return 1
    cp "$2" "$stamp"
  fi
}

# The peer may be out of reach; without it the tests that compare with it are skipped.
if ! environment .venv requirements-test.txt; then
  echo "python/test.sh: without crowd-kit, which could not be installed" >&2
  grep -v -e crowd-kit -e scikit-learn -e nltk requirements-test.txt >.requirements-alone.txt
  environment .venv .requirements-alone.txt
fi
VIRTUAL_ENV=$PWD/.venv .venv/bin/maturin develop --release --locked --quiet
.venv/bin/python -m pytest "$@"

# The same tests with the newest and the oldest pandas and numpy, on the same build.
for age in newest oldest; do
  if environment ".venv-$age" "requirements-$age.txt"; then
    ".venv-$age/bin/python" -m pytest "$@"
  else
    echo "python/test.sh: not run with the $age pandas and numpy, which could not be installed" >&2
  fi
done
