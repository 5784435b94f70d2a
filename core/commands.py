"""The ground of commands that read a file, need no database and answer a bad file with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import strict_json
from core.domain.faults import Fault, FaultsError, within

__all__ = ["FileCommand", "FileRefusedError", "read_bytes", "read_json"]

_EXIT_REFUSED = 2


class FileRefusedError(CommandError):
    """One line for each fault. `call_command` raises this; a terminal shows the lines and exits 2."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults), returncode=_EXIT_REFUSED)


class FileCommand(BaseCommand):
    """Turns a FaultsError of `handle` into one line on standard error for each fault, and exit code 2."""

    requires_system_checks = ()
    requires_migrations_checks = False

    def execute(self, *args: object, **options: object) -> str | None:
        try:
            return super().execute(*args, **options)
        except FaultsError as error:
            # Django would put "CommandError: " before the first line, which then no longer begins with its place.
            if not getattr(self, "_called_from_command_line", False):
                raise FileRefusedError(error.faults) from error
            for fault in error.faults:
                self.stderr.write(str(fault))
            sys.exit(_EXIT_REFUSED)


def read_bytes(argument: str, *, limit: int) -> bytes:
    """The file's content, or that of standard input for `-`. Raises FaultsError; `limit` is in bytes."""
    try:
        if argument == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(argument).open("rb") as file:
                data = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
        raise FaultsError([Fault(argument, f"This file cannot be read: {why}.")]) from error
    if len(data) > limit:
        raise FaultsError([Fault(argument, f"This file is larger than {limit:,} bytes.")])
    return data


def read_json(argument: str, *, limit: int) -> object:
    """Raises FaultsError, each fault beginning with the name of the file."""
    data = read_bytes(argument, limit=limit)
    try:
        return strict_json.loads(data)
    except FaultsError as error:
        raise FaultsError(within(argument, error.faults)) from error
