from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from certification.domain.answers import AnswersError, answer_faults, fact_faults, read_sheet
from certification.domain.explanation import as_dict
from certification.domain.scoring import score
from certification.domain.standard import Standard
from certification.standard_files import LARGEST_FILE, parse_standard
from core.commands import FileCommand, read_bytes, read_json
from core.domain.faults import Fault, FaultsError

_LARGEST_ANSWERS = 16 * 1024 * 1024


class Command(FileCommand):
    help = "Scores the answers to a standard: outcome, percentages, what stands in the way and what to do first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("standard", metavar="STANDARD", help="a standard, YAML or JSON; - reads standard input")
        parser.add_argument(
            "answers", metavar="ANSWERS", help="a JSON file with facts and answers; - reads standard input"
        )

    def handle(self, *_: object, **options: Any) -> None:
        standard, answers = options["standard"], options["answers"]
        if standard == answers == "-":
            raise FaultsError([Fault("", "Only one of the two files can come from standard input.")])
        document = parse_standard(read_bytes(standard, limit=LARGEST_FILE), name=standard)
        data = read_json(answers, limit=_LARGEST_ANSWERS)
        self.stdout.write(json.dumps(answer(document.standard, data), indent=2))


def answer(standard: Standard, data: object) -> dict[str, object]:
    """Raises FaultsError with the faults of the sheet's shape and those of its sense together."""
    sheet = read_sheet(data)
    if sheet.faults:
        found = [*sheet.faults, *fact_faults(sheet.facts)]
        if not any(fault.place.startswith("facts") for fault in found):
            found += answer_faults(standard, standard.applicability(sheet.facts), sheet.answers)
        raise AnswersError(found)
    return as_dict(score(standard, sheet.facts, sheet.answers))
