"""A pytest plugin (`-p scripts.touches_database`): keeps the tests that use the database, since the others have already
run and would say the same on any.
"""

from __future__ import annotations

from typing import Final

import pytest

# Every fixture of pytest-django that opens the database asks for one of these itself.
_FIXTURES: Final = frozenset({"_django_db_helper", "db", "transactional_db", "django_db_setup", "live_server"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        (kept if _uses_database(item) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not _FIXTURES.isdisjoint(fixtures)
