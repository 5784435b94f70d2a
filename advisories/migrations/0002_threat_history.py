from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """The history of the threat level is kept as it was confirmed, whoever writes to the table (house.md, law 8)."""

    dependencies = [("advisories", "0001_initial")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "advisories_threatchange"),
            partial(triggers.remove_table, "advisories_threatchange"),
        )
    ]
