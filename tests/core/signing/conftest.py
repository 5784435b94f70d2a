from __future__ import annotations

import os

# What a computer without a token cannot answer (CONTRIBUTING.md).
collect_ignore = [] if os.environ.get("TEST_PKCS11_MODULE") else ["test_token.py"]
