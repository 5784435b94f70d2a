from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from core.commands import FileCommand, read_json
from core.domain.faults import Fault, FaultsError
from events.domain.tiers import determine, parse_facts

_LARGEST_FILE = 64 * 1024 * 1024


class Command(FileCommand):
    help = "Says which tier of the Terrorism (Protection of Premises) Act 2025 the facts lead to, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("facts", metavar="FACTS", help="a JSON file: one object of facts or a list; - reads stdin")

    def handle(self, *_: object, **options: Any) -> None:
        data = read_json(options["facts"], limit=_LARGEST_FILE)
        self.stdout.write(json.dumps(answer(data), indent=2))


def answer(data: object) -> object:
    """One answer for an object, a list of them in the same order for a list. Raises FaultsError for them all."""
    if not isinstance(data, list):
        return determine(parse_facts(data)).as_dict()
    faults: list[Fault] = []
    answers: list[object] = []
    for index, item in enumerate(data):
        try:
            answers.append(determine(parse_facts(item, f"[{index}]")).as_dict())
        except FaultsError as error:
            faults.extend(error.faults)
    if faults:
        raise FaultsError(faults)
    return answers
