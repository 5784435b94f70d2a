"""`manage.py outbox`: what is promised and not done; with --retry, what was given up is tried again."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import outbox
from core.signing.errors import AwaitingKey


class Command(BaseCommand):
    help = "Show jobs that wait or were given up. Exits with 1 when any was given up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try again what was given up")
        parser.add_argument("--kind", default="", help="with --retry: jobs of this kind alone")

    def handle(self, *_args: object, **options: str) -> None:
        if options["retry"]:
            self.stdout.write(f"{outbox.retry_given_up(kind=options['kind'])} jobs will be tried again")
            return
        found = outbox.backlog()
        for each in found:
            errors = f"; errors: {', '.join(each.errors)}" if each.errors else ""
            self.stdout.write(
                f"{each.kind:<24} {each.waiting} waiting, {each.given_up} given up, "
                f"oldest from {each.oldest.isoformat(timespec='seconds')}{errors}"
            )
        if not found:
            self.stdout.write("nothing is waiting")
        if outbox.waiting_for(AwaitingKey).count:
            self.stdout.write(f"{AwaitingKey.__name__}: they wait for a signing key; “manage.py signing_key” says why")
        given_up = sum(each.given_up for each in found)
        if given_up:
            message = f"{given_up} jobs were given up: mend the reason, then run this with --retry"
            raise CommandError(message, returncode=1)
