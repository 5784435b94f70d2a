from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """An index of the status list belongs to one certificate for ever."""

    dependencies = [("certification", "0020_credential_status")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "certification_credentialstatus"),
            partial(triggers.remove_table, "certification_credentialstatus"),
        ),
    ]
