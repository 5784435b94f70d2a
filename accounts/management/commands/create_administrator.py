"""The first national administrator, who appoints everybody else through the pages; or one who cannot get in."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.services import administrators
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Make somebody national administrator and print, alone on standard output, a link that sets their password. "
        "It works once, for three days. Signing in then demands a second factor. Run it again for a new link."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="full name, needed where there is no account yet")
        parser.add_argument("--mail", action="store_true", help="send the link to the address, do not print it")
        parser.add_argument(
            "--reset-second-factor", action="store_true", help="for somebody who lost phone, key and recovery codes"
        )

    def handle(self, *_args: object, **options: object) -> None:
        mail = bool(options["mail"])
        try:
            opened = administrators.open_for(
                email=str(options["email"]),
                name=str(options["name"]),
                mail_link=mail,
                reset_second_factor=bool(options["reset_second_factor"]),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stderr.write(f"{opened.user.name} <{opened.user.email}> is a national administrator.")
        self.stdout.write("The link is on its way by mail." if mail else opened.link)
