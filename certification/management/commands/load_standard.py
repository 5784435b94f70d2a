from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError

from certification.standard_files import LARGEST_FILE
from core.commands import FileCommand, read_bytes
from core.errors import DomainError


class Command(FileCommand):
    help = "Load a standard as a draft, or with --publish put it in force from its date. Loading the same file again changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help="YAML, or JSON if the name ends in .json; - reads YAML from standard input")
        parser.add_argument("--publish", action="store_true", help="publish it: it can then never change again")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - by BaseCommand
        from certification.models import StandardVersion  # noqa: PLC0415 - the command is listed without the app registry
        from certification.services import standards  # noqa: PLC0415 - as above

        name: str = options["file"]
        data = read_bytes(name, limit=LARGEST_FILE)
        try:
            version = standards.load(actor=None, document=data, name=name)
            if options["publish"] and version.state == StandardVersion.State.DRAFT:
                version = standards.publish(actor=None, standard_id=version.pk)
        except DomainError as error:
            raise CommandError(error.message, returncode=2) from error
        self.stdout.write(f"{version.code} {version.version}: {version.state}, in force from {version.effective_from}")
