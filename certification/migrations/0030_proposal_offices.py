from django.db import migrations, models


class Migration(migrations.Migration):
    """In which office somebody proposed and confirmed."""

    dependencies = [
        ("certification", "0021_credential_status_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="confirmed_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("adviser", "police adviser"),
                    ("authoriser", "authorising officer"),
                    ("owner", "owner of the holding organisation"),
                ],
                max_length=10,
                verbose_name="confirmed as",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="proposed_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("adviser", "police adviser"),
                    ("authoriser", "authorising officer"),
                    ("owner", "owner of the holding organisation"),
                ],
                max_length=10,
                verbose_name="proposed as",
            ),
        ),
    ]
