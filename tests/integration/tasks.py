"""Loaded by the workers of these tests (CELERY_IMPORTS), which knows when Django is set up."""

from __future__ import annotations

from tests.integration import gates

gates.install()
