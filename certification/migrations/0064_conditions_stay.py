from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    dependencies = [("certification", "0063_register_index_dropped")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "certification_certificatecondition"),
            partial(triggers.remove_table, "certification_certificatecondition"),
        )
    ]
