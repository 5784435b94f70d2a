"""The demonstration's sign-ins, for people and for programs."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand, CommandError

from accounts.services import demo
from core.errors import NotPermitted

_PERIOD = 30


class Command(BaseCommand):
    help = "Print the demonstration's sign-ins. Refuses anywhere but in the demonstration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a list of objects")

    def handle(self, *_args: object, **options: object) -> None:
        try:
            found = demo.sign_ins()
        except NotPermitted as error:
            raise CommandError(error.message) from error
        if options["json"]:
            self.stdout.write(json.dumps([one.as_dict() for one in found], indent=2))
            return
        if not found:
            self.stderr.write("There are no sign-ins: no demonstration data was loaded here.")
            return
        for one in found:
            place = one.organisation or one.area or "national"
            line = (
                f"{one.email:30} {one.password:20} {_code(one.totp_secret):7} {one.totp_secret:33} {one.role}, {place}"
            )
            self.stdout.write(line)
        self.stdout.write(
            "Address, password, security code of this half minute and its secret for an authenticator app, role.\n"
            "Fresh codes: .venv/bin/python manage.py demo_users"
        )


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // _PERIOD)) if secret else ""
