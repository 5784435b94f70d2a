"""`manage.py verify_credential`: the reference for makers of scanners. Files in, an answer out; no database, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.core.management.base import CommandError, CommandParser

from core.commands import FileCommand, read_bytes, read_json
from core.domain.faults import Fault, FaultsError
from core.signing import embedded, offline

_MOST: Final = 25 * 1024 * 1024
_COMPACT: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_WORDS: Final[Mapping[str, str]] = {
    "valid": "Valid: signed by us, within its days, and in force when the list was made.",
    "valid_as_signed": "Signed by us and within its days. No status list was given: it may have been revoked since.",
    "not_yet": "Not valid yet.",
    "expired": "Expired.",
    "not_valid": "Not valid any more: revoked, superseded, surrendered or expired.",
    "suspended": "Suspended.",
    "being_issued": "Not in force yet: it is being issued.",
    "forged": "Not signed by us.",
    "list_unusable": "Signed by us and within its days, but the status list is too old, not ours, or another one.",
}


class Command(FileCommand):
    help = (
        "Check a claim, or the one in a PDF, with a key set and a status list that were fetched before. "
        "Exits 0 when it holds, 1 when it does not, 2 when the input cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("claim", help="the claim itself, a file that holds it, a certificate's PDF, or -")
        parser.add_argument("--jwks", required=True, metavar="FILE", help="from /.well-known/jwks.json")
        parser.add_argument("--status", metavar="FILE", help="from /status/<number>")

    def handle(self, *_args: object, **options: Any) -> None:
        keys = _keys(options["jwks"])
        token = read_bytes(options["status"], limit=_MOST).decode(errors="replace") if options["status"] else ""
        outcome = offline.verify(_claim(options["claim"]), keys, token=token, now=datetime.now(UTC))
        for name, value in outcome.facts.items():
            self.stdout.write(f"  {name.replace('_', ' '):<12} {value}")
        if outcome.age is not None:
            self.stdout.write(f"The list is {outcome.age} seconds old.")
        if not outcome.holds:
            raise CommandError(_WORDS[outcome.answer], returncode=1)
        self.stdout.write(self.style.SUCCESS(_WORDS[outcome.answer]))


def _keys(path: str) -> list[Mapping[str, Any]]:
    found = read_json(path, limit=_MOST)
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise FaultsError([Fault(path, "This is no JSON Web Key Set.")])
    return keys


def _claim(given: str) -> str:
    if _COMPACT.fullmatch(given):
        return given
    content = read_bytes(given, limit=_MOST)
    if content.startswith(b"%PDF"):
        found = embedded.claim_in(content)
        if not found:
            raise FaultsError([Fault(given, "There is no claim in this PDF.")])
        return found
    return content.decode(errors="replace").strip()
