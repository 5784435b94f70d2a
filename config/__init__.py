"""The Celery application is loaded with the settings, so that a task sent from a page or a command finds its broker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
