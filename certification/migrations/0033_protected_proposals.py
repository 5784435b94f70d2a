from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    """What was proposed and why does not change, nor does an answer once it was given."""

    dependencies = [("certification", "0032_transfers")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "certification_proposal"),
            partial(triggers.remove_table, "certification_proposal"),
        ),
    ]
