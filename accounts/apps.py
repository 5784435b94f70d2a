from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import identity_events  # noqa: PLC0415 - allauth's models are loaded only now

        identity_events.connect()
