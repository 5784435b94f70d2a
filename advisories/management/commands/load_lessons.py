from __future__ import annotations

import argparse
import uuid
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError

from core import strict_yaml
from core.commands import FileCommand, read_bytes
from core.domain.faults import Fault, FaultsError, within
from core.errors import DomainError

SHIPPED: Final = "advisories/lessons/public-inquiries.yaml"
_LARGEST: Final = 4 * 1024 * 1024
_NAMES: Final = uuid.UUID("6c1f6a7e-52f7-5f0c-9a52-0d6a1f2c7b11")


def series_of(key: str) -> uuid.UUID:
    """The lesson's identity in every installation."""
    return uuid.uuid5(_NAMES, key)


class Command(FileCommand):
    help = "Load the lessons that come with the software, or those of another file. Loading the same file again changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="", help="YAML; without it, the lessons that are shipped")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - by BaseCommand
        from advisories.services import lessons  # noqa: PLC0415 - the command is listed without the app registry

        name: str = options["file"] or str(Path(settings.BASE_DIR) / SHIPPED)
        made = 0
        for place, entry in _entries(name):
            try:
                given = lessons.LessonInput(**{key: value for key, value in entry.items() if key != "key"})
                made += lessons.load(series=series_of(str(entry["key"])), given=given)[1]
            except DomainError as error:
                raise CommandError(f"{place}: {getattr(error, 'field', '')} {error.message}", returncode=2) from error
        self.stdout.write(f"lessons: {made} new")


def _entries(name: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Each with its place in the file. Raises FaultsError for what has another shape."""
    try:
        document = strict_yaml.loads(read_bytes(name, limit=_LARGEST))
    except FaultsError as error:
        raise FaultsError(within(name, error.faults)) from error
    found = document.get("lessons") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise FaultsError([Fault(name, "There is no list of lessons in this file.")])
    entries = [(f"{name}: lessons[{number}]", entry) for number, entry in enumerate(found)]
    faults = [fault for place, entry in entries for fault in _shape(place, entry)]
    if faults:
        raise FaultsError(faults)
    return entries


def _shape(place: str, entry: object) -> list[Fault]:
    from advisories.services.lessons import LessonInput  # noqa: PLC0415 - as above

    if not isinstance(entry, dict):
        return [Fault(place, "This is not a lesson.")]
    known = {field.name: field for field in fields(LessonInput)}
    needed = {name for name, field in known.items() if field.default is MISSING} | {"key"}
    faults = [Fault(f"{place}.{name}", "This is missing.") for name in sorted(needed - set(entry))]
    faults += [Fault(f"{place}.{name}", "This is not known.") for name in sorted(set(entry) - set(known) - {"key"})]
    for name, value in entry.items():
        wanted = int if name == "source_year" else list if name in {"criteria", "sectors"} else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            faults.append(Fault(f"{place}.{name}", f"This is not {_WORDS[wanted]}."))
    return faults


_WORDS: Final[Mapping[type, str]] = {int: "a number", list: "a list", str: "text"}
