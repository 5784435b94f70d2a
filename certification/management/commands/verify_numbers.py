"""`manage.py verify_numbers`: the series of certificate numbers has no gap and no double, and the trail knows each."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from certification.selectors import numbers

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Walk the series of certificate numbers against certificates and audit trail; exit 1 naming what does not fit."
    )

    def handle(self, *_args: object, **_options: object) -> None:
        found = numbers.verify()
        self.stdout.write(f"{found.certificates} certificates in {found.series} series")
        for problem in found.problems[:_SHOWN]:
            self.stderr.write(problem)
        if found.problems:
            raise CommandError(f"{len(found.problems)} faults", returncode=1)
        self.stdout.write(self.style.SUCCESS("Every number was given once, and none is missing."))
