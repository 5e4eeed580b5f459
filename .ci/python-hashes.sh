#!/usr/bin/env bash
# Writes the lists of Python packages (requirements*.txt) anew from what is asked for (requirements*.in beside them): every
# package that comes along, of one version, with the digests of its files, for every system and Python from 3.11 on.
# Usage: python-hashes.sh [--upgrade]; without --upgrade, versions that are listed stay where they fit.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r .ci/requirements.txt

compile() {
  "$work/venv/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
    --custom-compile-command .ci/python-hashes.sh -o "${1%.in}.txt" "$@"
}
compile .ci/requirements.in "$@"
compile it/src/test/python/requirements.in "$@"
compile it/src/test/python/requirements-mlflow.in "$@"
compile it/src/test/python/requirements-temporal.in "$@"
# Without what these would bring along: torch is there, and nothing is trained.
compile it/src/test/python/requirements-open-clip.in --no-deps "$@"
