"""`manage.py rebuild_register`: what the public register is searched by, made anew from the certificates."""

from __future__ import annotations

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Put the rows that the public register is searched by in step with the certificates. Harmless to repeat."

    def handle(self, *_args: object, **_options: object) -> None:
        from certification.services import register  # noqa: PLC0415 - the services need the apps loaded

        done = register.rebuild()
        self.stdout.write(
            f"{done.rows} certificates on the register; {done.written} rows put right, {done.removed} removed"
        )
