from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """A public half that could be swapped would verify what somebody else signed."""

    dependencies = [("core", "0004_signing_keys")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "core_signingkey"), partial(triggers.remove_table, "core_signingkey")
        ),
    ]
