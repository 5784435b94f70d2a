"""`manage.py verify_certificate FILE`: is this PDF ours, unchanged, and does the certificate hold today?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from cryptography import x509
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from certification.selectors import verification
from core.commands import FileCommand, read_bytes
from core.domain.faults import Fault, FaultsError
from core.signing import embedded, registry, timestamps, validation
from core.signing.validation import Verdict

_WORDS: Final[Mapping[str, str]] = {
    "in_force": "The certificate is in force.",
    "in_force_with_conditions": "The certificate is in force, with conditions still to be met.",
    "not_yet_in_force": "The certificate is not in force yet.",
    "expired": "The certificate has expired.",
    "revoked": "The certificate has been revoked.",
    "superseded": "A newer certificate has taken its place.",
    "suspended": "The certificate is suspended.",
    "surrendered": "The certificate was given up by its holder.",
    "altered": "The file began as a certificate of ours and has been changed.",
    "unknown": "We never issued this file.",
}
_FACTS: Final = ("number", "holder", "subject", "place", "scope", "valid_from", "valid_until")


class Command(FileCommand):
    help = (
        "Check the signature of a certificate's PDF and whether the certificate holds today. "
        "Exits 0 when it does, 1 when it does not, 2 when the question cannot be asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the PDF, or - for standard input")
        parser.add_argument("--root", metavar="PEM", help="trust these certificates instead of those on record")
        parser.add_argument(
            "--offline", action="store_true", help="ask no database; needs --root and says nothing of a revocation"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        if options["offline"] and not options["root"]:
            raise FaultsError([Fault("--offline", "Say with --root whose signature to trust.")])
        content = read_bytes(options["file"], limit=settings.MAX_UPLOAD_BYTES)
        verdict = validation.validate(content, _roots(options["root"]), stamp_roots=timestamps.roots())
        self._say_signature(verdict)
        holds = self._offline(content) if options["offline"] else self._by_record(content)
        if not (verdict.holds and holds):
            raise CommandError("This certificate is not to be relied on.", returncode=1)
        self.stdout.write(self.style.SUCCESS("This certificate can be relied on today."))

    def _say_signature(self, verdict: Verdict) -> None:
        if not verdict.signed:
            self.stdout.write("The file carries no signature.")
        elif not verdict.intact:
            self.stdout.write("The file is not as it was signed.")
        elif not verdict.trusted:
            self.stdout.write("The file is as it was signed, by somebody who is not trusted here.")
        else:
            when = f" on {verdict.signed_at:%d %B %Y at %H:%M %Z}" if verdict.signed_at else ""
            proof = ", which a time-stamp authority confirms" if verdict.time_proved else ""
            self.stdout.write(f"The file is as {verdict.signer} signed it{when}{proof}.")

    def _by_record(self, content: bytes) -> bool:
        result = verification.check_file(content, today=timezone.localdate(), now=timezone.now())
        self.stdout.write(_WORDS[result.status])
        if result.older_file:
            self.stdout.write("There is a newer document of the same certificate.")
        if result.facts:
            self._say_facts({name: getattr(result.facts, name) for name in _FACTS})
        elif result.number:
            self.stdout.write(f"It carries our claim for {result.number}.")
        return result.holds

    def _offline(self, content: bytes) -> bool:
        """By the file's own words, which its signature covers."""
        try:
            claim = json.loads(embedded.content_of(content) or "null")["claims"]
            begins, ends = date.fromisoformat(claim["valid_from"]), date.fromisoformat(claim["valid_until"])
        except (KeyError, TypeError, ValueError):
            self.stdout.write("The file does not say for which days it is valid.")
            return False
        self._say_facts({name: claim.get(name, "") for name in _FACTS})
        self.stdout.write("Whether it was suspended or revoked since cannot be told without asking.")
        return begins <= timezone.localdate() <= ends

    def _say_facts(self, facts: Mapping[str, object]) -> None:
        for name, value in facts.items():
            self.stdout.write(f"  {name.replace('_', ' '):<12} {value}")


def _roots(path: str | None) -> list[x509.Certificate]:
    if not path:
        return [chain.certificates[-1] for chain in registry.document_chains()]
    try:
        return list(x509.load_pem_x509_certificates(read_bytes(path, limit=settings.MAX_UPLOAD_BYTES)))
    except ValueError as error:
        raise FaultsError([Fault(path, "This file holds no certificate in PEM.")]) from error
