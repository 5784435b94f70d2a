"""What beat will send, sent once to a queue in memory: beat itself would only log that it cannot."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.conf import settings

from config.celery import app

LONDON = ZoneInfo("Europe/London")
SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("name", sorted(SCHEDULE))
def test_the_queue_takes_each_entry(name: str) -> None:
    entry = SCHEDULE[name]
    app.loader.import_default_modules()

    sent = app.tasks[entry["task"]].apply_async(**entry["options"])

    assert sent.id


@pytest.mark.parametrize("name", sorted(SCHEDULE))
def test_an_entry_that_was_not_fetched_in_time_gives_way_to_the_next(name: str) -> None:
    entry = SCHEDULE[name]
    period = entry["schedule"] if isinstance(entry["schedule"], float) else 3600.0

    assert 0 < entry["options"]["expires"] < period


@pytest.mark.parametrize(
    "midnight",
    [datetime(2027, 1, 15, tzinfo=LONDON), datetime(2027, 7, 15, tzinfo=LONDON)],
    ids=["winter time", "summer time"],
)
def test_certificates_run_out_at_midnight_in_the_united_kingdom(midnight: datetime) -> None:
    schedule = SCHEDULE["expire-at-midnight"]["schedule"]
    before = midnight - timedelta(minutes=5)
    clock = crontab(hour=schedule._orig_hour, minute=schedule._orig_minute, nowfun=lambda: before, app=app)

    assert clock.remaining_estimate(before) == timedelta(minutes=5)
