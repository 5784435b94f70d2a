"""What celery beat starts, and when: in the time zone of CELERY_TIMEZONE."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # `expires`: a worker that comes back after a day finds one sweep to do, not three thousand.
    "outbox-sweep": {"task": "core.outbox.sweep", "schedule": 30.0, "options": {"expires": 25}},
    # Whether the keys sign, for /readyz; an alarm when certificates wait for them, and a nudge when they are back.
    "signing-watch": {"task": "certification.watch_signing", "schedule": 60.0, "options": {"expires": 55}},
    "audit-anchor": {"task": "core.audit.anchor", "schedule": 600.0, "options": {"expires": 570}},
    "housekeeping": {
        "task": "core.housekeeping",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 3000},
    },
    "expire-bundles": {
        "task": "certification.expire_bundles",
        "schedule": crontab(hour="3", minute="50"),
        "options": {"expires": 3000},
    },
    "reminders": {"task": "certification.reminders", "schedule": crontab(minute="20"), "options": {"expires": 3000}},
    "condition-reminders": {
        "task": "certification.condition_reminders",
        "schedule": crontab(minute="25"),
        "options": {"expires": 3000},
    },
    "expire-at-midnight": {
        "task": "certification.expire",
        "schedule": crontab(hour="0", minute="0,1"),
        "options": {"expires": 3000},
    },
    "lapse": {"task": "certification.lapse", "schedule": 60.0, "options": {"expires": 55}},
    # Files that were uploaded while there was no scanner.
    "rescan-held": {
        "task": "certification.rescan_held",
        "schedule": crontab(minute="35"),
        "options": {"expires": 3000},
    },
    "advisories-publish": {
        "task": "advisories.publish_due",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Ends of quiet hours, and the daily digest at 7.
    "advisories-release": {
        "task": "advisories.release_waiting",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "advisories-chase": {"task": "advisories.chase", "schedule": 60.0, "options": {"expires": 55}},
    "advisories-rescan-held": {
        "task": "advisories.rescan_held",
        "schedule": crontab(minute="50"),
        "options": {"expires": 3000},
    },
    "network-digests": {
        "task": "advisories.network_digests",
        "schedule": crontab(hour="7", minute="10"),
        "options": {"expires": 3000},
    },
    "sightings-rescan-held": {
        "task": "advisories.sightings_rescan_held",
        "schedule": crontab(minute="55"),
        "options": {"expires": 3000},
    },
    "overviews": {
        "task": "certification.overviews",
        "schedule": crontab(hour="7-21", minute="50"),
        "options": {"expires": 3000},
    },
    "watch-sweeps": {"task": "core.sweeps.watch", "schedule": 600.0, "options": {"expires": 570}},
    "expire-catch-up": {"task": "certification.expire", "schedule": crontab(minute="5"), "options": {"expires": 3000}},
    "threat-sweep": {"task": "advisories.threat_sweep", "schedule": 300.0, "options": {"expires": 280}},
}
