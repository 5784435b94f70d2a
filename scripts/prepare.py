"""The data that `make run` starts from: schema, the national standard, the demonstration. Nothing that is there is redone.

What it does goes to standard error; standard output holds the sign-ins alone, for whoever prints them last.
"""

from __future__ import annotations

import sys
from typing import Final

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import env

STANDARD: Final = "certification/standards/protective-security-2026.1.yaml"


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("database schema")
        call_command("migrate", interactive=False, verbosity=0)


def load_standard() -> None:
    from certification.models import StandardVersion  # noqa: PLC0415 - after django.setup

    if not StandardVersion.objects.exists():
        say(f"national standard: {STANDARD}")
        call_command("load_standard", str(settings.BASE_DIR / STANDARD), publish=True, stdout=sys.stderr)


def load_lessons() -> None:
    from advisories.models import Lesson  # noqa: PLC0415 - after django.setup
    from certification.models import StandardVersion  # noqa: PLC0415 - as above

    # They name criteria of the standard in force; whose lessons are there already is left alone.
    if StandardVersion.objects.filter(state="published").exists() and not Lesson.objects.exists():
        say("lessons from public inquiries and reports")
        call_command("load_lessons", stdout=sys.stderr)


def build_demo() -> None:
    """Into an empty register alone, and to the end if it was interrupted: never into somebody's own data."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - after django.setup

    unfinished = env.private_directory(settings.DATA_DIR / "run") / "demo-unfinished"
    if get_user_model().objects.exists() and not unfinished.exists():
        return
    say("demonstration: invented people and places")
    unfinished.touch()
    call_command("demo", stdout=sys.stderr)
    unfinished.unlink()


def main() -> int:
    env.default_settings_module()
    django.setup()
    migrate()
    load_standard()
    load_lessons()
    if settings.DEMO:
        build_demo()
        call_command("demo_users")
    return 0


if __name__ == "__main__":
    sys.exit(main())
