import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a proposal may say, and the offer of a certified place to another organisation."""

    dependencies = [
        ("accounts", "0002_police_areas"),
        ("certification", "0031_who_signed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(
                    ("confirmed_at__isnull", True),
                    ("dropped_at__isnull", True),
                    models.Q(("kind", "surrender"), _negated=True),
                ),
                fields=["proposed_at", "id"],
                name="certification_proposal_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    ("confirmed_as", "authoriser"),
                    models.Q(("confirmed_as", "adviser"), ("proposed_as", "authoriser"), ("urgent", True)),
                    _connector="OR",
                ),
                name="certification_proposal_one_of_them_authorises",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lapses_at__isnull", True), ("urgent", False)),
                    models.Q(
                        ("effective_at__isnull", False),
                        ("kind", "suspend"),
                        ("lapses_at__isnull", False),
                        ("urgent", True),
                    ),
                    _connector="OR",
                ),
                name="certification_proposal_urgent_lapses",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                name="certification_proposal_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "surrender"), _negated=True),
                    models.Q(
                        ("confirmed_at__isnull", True), ("dropped_at__isnull", True), ("effective_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="certification_proposal_surrender_is_done",
            ),
        ),
        migrations.CreateModel(
            name="TransferOffer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted, with the police"),
                            ("completed", "completed"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("refused", "refused by the police"),
                            ("expired", "expired"),
                        ],
                        default="offered",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="sent to")),
                ("offered_at", models.DateTimeField(verbose_name="offered")),
                ("expires_at", models.DateTimeField(verbose_name="to be answered by")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                (
                    "responsible_kind",
                    models.CharField(
                        blank=True,
                        choices=[("organisation", "an organisation"), ("individual", "one person")],
                        max_length=12,
                        verbose_name="the responsible person is",
                    ),
                ),
                ("responsible_name", models.CharField(blank=True, max_length=160, verbose_name="responsible person")),
                (
                    "responsible_ground",
                    models.CharField(blank=True, max_length=240, verbose_name="ground for saying so"),
                ),
                (
                    "senior_name",
                    models.CharField(blank=True, max_length=120, verbose_name="designated senior individual"),
                ),
                ("senior_position", models.CharField(blank=True, max_length=120, verbose_name="their position")),
                (
                    "capability",
                    models.TextField(blank=True, verbose_name="how they can do what the certificate rests on"),
                ),
                (
                    "declared_position",
                    models.CharField(blank=True, max_length=120, verbose_name="position of whoever declared it"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("ended_reason", models.TextField(blank=True, verbose_name="why it ended")),
            ],
        ),
        migrations.AddField(
            model_name="transferoffer",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transferoffer",
            name="certificate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transfer_offers",
                to="certification.certificate",
            ),
        ),
        migrations.AddField(
            model_name="transferoffer",
            name="offered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="transferoffer",
            name="to_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="transferoffer",
            index=models.Index(
                condition=models.Q(("state__in", ("offered", "accepted"))),
                fields=["email"],
                name="certification_transfer_email",
            ),
        ),
        migrations.AddIndex(
            model_name="transferoffer",
            index=models.Index(
                condition=models.Q(("state__in", ("offered", "accepted"))),
                fields=["expires_at", "id"],
                name="certification_transfer_runsout",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("offered", "accepted"))),
                fields=("certificate",),
                name="certification_transfer_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["accepted", "completed", "refused"]), _negated=True),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("accepted_by__isnull", False),
                        ("to_organisation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="certification_transfer_accepted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state__in", ("offered", "accepted"))),
                    models.Q(
                        models.Q(("state__in", ("offered", "accepted")), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="certification_transfer_ended_has_date",
            ),
        ),
    ]
