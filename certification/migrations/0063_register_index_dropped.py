from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0062_reminders_at_national_size"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="certificate",
            name="certification_cert_register",
        ),
    ]
