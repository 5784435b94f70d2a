#!/usr/bin/env python
"""Django's command line. The two commands of the pure rules start without settings, apps or a database."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from django.conf import settings

# Setting up Django with every app takes longer than these commands may take altogether.
PURE_COMMANDS = {
    "tier": "events.management.commands.tier",
    "score": "certification.management.commands.score",
}


def main(argv: list[str]) -> None:
    module = PURE_COMMANDS.get(argv[1]) if len(argv) > 1 else None
    if module is not None:
        # Without this Django would look for the settings at the end, to close databases that nobody opened.
        settings.configure()
        import_module(module).Command().run_from_argv(argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - heavy, and not needed above

    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
