"""The Celery application. What runs when is code (`CELERY_BEAT_SCHEDULE`), not rows."""

from __future__ import annotations

from celery import Celery, signals

from config import env

env.default_settings_module()

app = Celery("wardmark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Connected only for its presence: Celery leaves the root logger alone when somebody listens here."""


@signals.worker_ready.connect
def watch_worker(**_: object) -> None:
    """Lets /readyz tell a quiet worker from a missing one; Celery itself never says so to the web process."""
    from core.http import heartbeats  # noqa: PLC0415 - Django is not set up when this module loads

    heartbeats.beat("worker")
    # At once, or /readyz would not know of the keys before beat's first minute is over.
    app.send_task("certification.watch_signing", expires=55)


@signals.heartbeat_sent.connect
def keep_watching_worker(**_: object) -> None:
    from core.http import heartbeats  # noqa: PLC0415 - as above

    heartbeats.beat("worker")


@signals.task_prerun.connect
def name_the_task(task_id: str, task: object, **_: object) -> None:
    """Each log line of a task says which; ids alone, since arguments may name a case."""
    from core.http import heartbeats, request_log  # noqa: PLC0415 - as above

    name = str(getattr(task, "name", ""))
    request_log.bind(request_id=task_id, task=name)
    if name == heartbeats.SCHEDULED_TASK:
        heartbeats.beat("beat")


@signals.task_postrun.connect
def forget_the_task(**_: object) -> None:
    from core.http import request_log  # noqa: PLC0415 - as above

    request_log.clear()
