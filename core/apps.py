from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import (  # noqa: PLC0415 - once the apps are loaded
            catalogues,
            checks,  # noqa: F401 - registers the system checks
        )

        catalogues.leave_out_empty(settings.LANGUAGE_CODE)
