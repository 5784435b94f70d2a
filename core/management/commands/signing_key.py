"""`manage.py signing_key`: which keys sign, and whether they do. For operators, before and after a change of keys."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.signing import authority, chains, claims, keys
from core.signing.errors import KeyUnavailable


class Command(BaseCommand):
    help = "Say which keys sign documents and claims, and try them. Exits with 1, saying why, when they cannot be used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--root", action="store_true", help="print the root certificate in PEM and nothing else")

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            key = authority.held()
            if options["root"]:
                self.stdout.write(chains.Chain(key.chain.certificates[-1:]).pem, ending="")
                return
            keys.sign_checked(key, secrets.token_bytes(32))
            claims.current()
        except KeyUnavailable as error:
            raise CommandError(str(error), returncode=1) from error
        self._say(key)

    def _say(self, key: keys.DocumentKey) -> None:
        own = key.chain.own
        self.stdout.write(f"documents: {authority.Sources.configured().kind}, {key.chain.name}")
        self.stdout.write(f"  key id {key.chain.kid}")
        self.stdout.write(f"  valid until {own.not_valid_after_utc:%d %B %Y}")
        self.stdout.write(f"  trusted by {chains.common_name(key.chain.certificates[-1])}")
        if not key.chain.is_complete:
            self.stdout.write("  the chain ends below its root: readers are to trust its last certificate")
        stamped = "B-B" if not settings.SIGNING_TSA_URL else "B-LT" if settings.SIGNING_TSA_CERTIFICATES else "B-T"
        self.stdout.write(f"  level {stamped}")
        first, *others = settings.CREDENTIAL_KEYS
        also = f"; published too: {', '.join(others)}" if others else ""
        self.stdout.write(f"claims: {first}{also}")
        self.stdout.write(self.style.SUCCESS("Both keys sign."))
