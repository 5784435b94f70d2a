"""CPU time of the pages that people wait for, as a ratio to a page that does as little as one here can (bench/_floors.py).

Run by `make bench` on an SQLite database of its own: a register, a list of certificates and a queue of 50 rows and more,
one plan of the national standard. Each ratio has its budget; over it the program fails. Medians of interleaved rounds, so
that the neighbours on the machine weigh on figure and floor alike.
"""

from __future__ import annotations

import logging
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from django.conf import settings
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from bench import _ready  # noqa: F401 - before Django

ROOT = Path(__file__).resolve().parents[1]

ROUNDS = 25
ROWS = 60
OK = 200


@dataclass(frozen=True)
class Figure:
    """`ratio` may be at most `budget`."""

    name: str
    seconds: float
    floor: str
    ratio: float
    budget: float

    @property
    def holds(self) -> bool:
        return self.ratio <= self.budget

    def __str__(self) -> str:
        verdict = "ok  " if self.holds else "OVER"
        return f"{verdict} {self.name:<28} {self.seconds * 1e3:7.2f} ms = {self.ratio:5.2f} x {self.floor:<6} (budget {self.budget:g})"


Work = Callable[[], object]


def medians(works: dict[str, Work]) -> dict[str, float]:
    """Seconds of CPU for each, one call of each in turn, the first round not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        for name, work in works.items():
            begun = process_time()
            work()
            if number:
                taken[name].append(process_time() - begun)
    return {name: statistics.median(times) for name, times in taken.items()}


def get(client: Client, address: str) -> Work:
    def ask() -> None:
        response = client.get(address)
        if response.status_code != OK:
            raise RuntimeError(f"{address} answers {response.status_code}: {response.content[:200]!r}")

    return ask


def measured() -> list[Figure]:
    from bench import _scene as scene

    made = scene.build(ROWS)
    nobody, organiser, adviser = Client(), Client(), Client()
    organiser.force_login(made.organiser)
    adviser.force_login(made.adviser)
    # No second factor in a benchmark: the middleware that asks for it is there and finds it passed.
    scene.pass_second_factor(adviser, made.adviser)
    works: dict[str, Work] = {
        "bare": get(nobody, "/floor/bare/"),
        "public page": get(nobody, "/floor/page/"),
        "public rows": get(nobody, "/floor/rows/"),
        "page": get(organiser, "/floor/page/"),
        "rows": get(adviser, "/floor/rows/"),
        "api": get(adviser, "/floor/api/"),
        "insert": made.bare_insert(organiser),
        **{name: get(nobody, address) for name, address in made.public.items()},
        **{name: get(organiser, address) for name, address in made.own.items()},
        **{name: get(adviser, address) for name, address in made.police.items()},
        "answer saved": made.save_answer(organiser),
    }
    seconds = medians(works)
    budgets = {
        "register": ("public rows", 1.5),
        "check": ("public page", 1.5),
        "criterion": ("page", 4.0),
        "queue": ("rows", 1.5),
        "certificates": ("rows", 1.5),
        "review of a criterion": ("page", 4.0),
        "certificates by API": ("api", 1.5),
        "answer saved": ("insert", 4.0),
    }
    print("floors: " + ", ".join(f"{n} {seconds[n] * 1e3:.2f} ms" for n in works if n not in budgets))
    return [
        Figure(name, seconds[name], floor, seconds[name] / seconds[floor], budget)
        for name, (floor, budget) in budgets.items()
    ]


def main(figures: Callable[[], Sequence[Figure]] = measured) -> int:
    logging.disable(logging.CRITICAL)
    # Not the test runner's set-up: it keeps a copy of each template's context, which no visitor waits for.
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.ROOT_URLCONF = "bench._floors"
    settings.TEMPLATES[0]["DIRS"].append(ROOT / "bench" / "templates")
    # A limit is a budget of another kind.
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        found = figures()
    finally:
        teardown_databases(databases, verbosity=0)
    for figure in found:
        print(figure)
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
