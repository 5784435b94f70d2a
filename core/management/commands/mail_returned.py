"""`manage.py mail_returned`: takes a report on mail that did not arrive (RFC 3464), from a file or from a mail system's pipe."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import bounces
from core.domain.delivery_reports import LONGEST


class Command(BaseCommand):
    help = "Note that a message of ours came back. What is no report about one is passed over; it exits with 0 all the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", metavar="FILE", help="mails, each in a file; none: one from standard input"
        )

    def handle(self, *_args: object, **options: list[str]) -> None:
        try:
            mails = [Path(name).read_bytes()[:LONGEST] for name in options["files"]]
        except OSError as error:
            message = f"{error.filename} cannot be read: {error.strerror}"
            raise CommandError(message) from error
        marked = sum(bounces.record(content) for content in mails or [sys.stdin.buffer.read(LONGEST)])
        # Nothing of the mail itself: whoever sent it would choose what stands in our logs.
        self.stdout.write(f"{marked} messages noted as returned")
