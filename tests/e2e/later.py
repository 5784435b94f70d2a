"""A program: chases for advisories as the schedule would some hours from now. A journey cannot wait for them."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from scripts.stages import ROOT
from tests.e2e.service import Service


def hours_later(service: Service, hours: float) -> int:
    """How many organisations were chased."""
    command = [sys.executable, "-m", "tests.e2e.later", str(hours)]
    done = subprocess.run(command, cwd=ROOT, env=service.env, check=True, stdout=subprocess.PIPE)
    return int(done.stdout)


def main() -> int:
    import django

    django.setup()
    from django.utils import timezone

    from advisories.services import chasing

    sys.stdout.write(str(chasing.sweep(now=timezone.now() + timedelta(hours=float(sys.argv[1])))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
