"""An API token from the command line, for set-up and for programs of the operator."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.scopes import SCOPES
from accounts.models import User
from accounts.services import tokens
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make an API token for somebody and print it, alone, on standard output. It is not shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scopes", nargs="+", required=True, metavar="SCOPE", help=f"of {', '.join(SCOPES)}")
        parser.add_argument("--days", type=int, default=90, help="how long it works, 1 to 365; 90 unless told")
        parser.add_argument("--label", default="made by command", help="what it is for")

    def handle(self, *_args: object, **options: object) -> None:
        user = User.objects.filter(email__iexact=str(options["email"])).first()
        if user is None:
            raise CommandError("There is no account with this email address.")
        scopes, days = options["scopes"], options["days"]
        assert isinstance(scopes, list)  # noqa: S101 - argparse's nargs
        assert isinstance(days, int)  # noqa: S101 - argparse's type
        wanted = [scope for words in scopes for scope in str(words).split(",") if scope]
        try:
            _token, secret = tokens.create(actor=None, user=user, label=str(options["label"]), scopes=wanted, days=days)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(secret)
