from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Have certificates in force drawn in the present design of the document. Workers do it; repeating is harmless."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="every certificate in force in an earlier design")
        which.add_argument("--area", default="", help="those of one police area, by its code")
        which.add_argument("--number", default="", help="one certificate")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - by BaseCommand
        from certification import documents  # noqa: PLC0415 - the command is listed without the app registry
        from certification.selectors import designs as reads  # noqa: PLC0415 - as above
        from certification.services import designs  # noqa: PLC0415 - as above

        area, number = options["area"], options["number"].strip().upper()
        if options["all"] or area or number:
            try:
                designs.reissue(actor=None, scope=designs.Scope(number=number, area=area))
            except DomainError as error:
                raise CommandError(error.message, returncode=2) from error
        found = reads.progress(documents.TEMPLATE_VERSION, area=area)
        self.stdout.write(
            f"Design {documents.TEMPLATE_VERSION}: {found.current} of {found.standing} certificates have it; "
            f"{found.waiting} jobs wait, {found.given_up} were given up."
        )
