"""What a worker, a beat and an acting process of these tests run with: the test settings, but mail as files that can be
counted, the schedule in seconds, and handlers that stop where a test wants to kill them.
"""

from __future__ import annotations

import os
from typing import Any

from config.settings.test import *  # noqa: F403 - a settings module is read as one flat list of names
from config.settings.test import CELERY_BEAT_SCHEDULE, OUTBOX_HANDLERS

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["WARDMARK_TEST_MAIL"]

# The tasks and their names are the schedule's own: only the waiting is shorter.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {  # type: ignore[no-redef]
    name: {**entry, "schedule": 1.0} for name, entry in CELERY_BEAT_SCHEDULE.items()
}
OUTBOX_HANDLERS = {  # type: ignore[no-redef]
    **OUTBOX_HANDLERS,
    "certificate.render": "tests.integration.gates.render",
}
CELERY_IMPORTS = ["tests.integration.tasks"]
