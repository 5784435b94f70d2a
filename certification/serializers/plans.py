"""Plans, answers, evidence, scores and submissions."""

from __future__ import annotations

from typing import Final

from rest_framework import serializers

from certification.domain import scoring
from certification.domain.standard import ADVISORY, LAW, SCHEME
from certification.models import ChangeRequest, Evidence, Plan
from certification.selectors import cases
from certification.selectors.facts import kind_of, subject_of
from core.api_serializers import Input, PageQuery, ProblemSerializer, Shape

BLOCKERS: Final = ("mandatory", "section", "overall")
KINDS: Final = ("venue", "event", "project")
OBLIGATIONS: Final = (LAW, SCHEME, ADVISORY)
EVIDENCE_RULES: Final = ("none", "optional", "required")
WORK: Final = (cases.NOT_STARTED, cases.IN_PROGRESS, cases.CONFIRM, cases.COMPLETE)
# Wider than any scale of levels: which levels there are is the standard's affair.
HIGHEST_LEVEL: Final = 20
MOST_VERSIONS: Final = 2_000_000_000
_LONGEST_CODE: Final = 10


class SubjectRefSerializer(Input):
    """Which venue, event or project."""

    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField()


class NewPlanSerializer(Input):
    subject = SubjectRefSerializer()

    example = {"subject": {"kind": "venue", "id": "9c8b1a52-5a3c-4f5e-9f5b-6a55f7f4a010"}}


class PlanQuery(PageQuery):
    state = serializers.ChoiceField(choices=Plan.State.choices, required=False)
    area_code = serializers.CharField(max_length=40, required=False)
    subject = serializers.UUIDField(required=False, help_text="The id of a venue, event or project.")


class _SubjectSerializer(Shape):
    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField()
    name = serializers.CharField()

    def to_representation(self, instance: Plan) -> dict[str, object]:
        subject = subject_of(instance)
        return super().to_representation({"kind": kind_of(instance), "id": subject.pk, "name": subject.name})


class PlanRowSerializer(Shape):
    """Where a plan stands. Nothing of what it says."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Plan.State.choices)
    subject = _SubjectSerializer(source="*")
    organisation_id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.name")
    area_code = serializers.CharField(source="area_id")
    standard = serializers.CharField(source="standard.code")
    standard_version = serializers.CharField(source="standard.version")
    needed_by = serializers.DateField(allow_null=True)
    renews = serializers.UUIDField(
        source="renews_id", allow_null=True, help_text="The certificate that it is to replace."
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    first_submitted_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)


class ScoreSummarySerializer(Shape):
    """`overall` in percent. `outcome` is what the score alone would come to; a person decides."""

    overall = serializers.CharField()
    pass_mark = serializers.IntegerField(source="mark")
    outcome = serializers.ChoiceField(choices=scoring.OUTCOMES)
    answered = serializers.IntegerField()
    total = serializers.IntegerField()


class PlanSerializer(PlanRowSerializer):
    """`score` is null for whoever may not read the answers, and while every answer says that it does not apply."""

    score = ScoreSummarySerializer(allow_null=True)
    certificate_id = serializers.UUIDField(allow_null=True)


class PlanConflictSerializer(ProblemSerializer):
    """With `conflict`: the plan that is open already."""

    plan_id = serializers.UUIDField(required=False)


class AnswerSerializer(Shape):
    """`version` goes with the next save."""

    code = serializers.CharField(source="criterion_code")
    level = serializers.IntegerField(allow_null=True)
    not_applicable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    account = serializers.CharField(allow_blank=True)
    confirm_needed = serializers.BooleanField(help_text="Copied from the last plan: confirm it or answer anew.")
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class AnswerRowSerializer(Shape):
    """A criterion that this plan is asked, with its answer, if any."""

    code = serializers.CharField()
    section = serializers.CharField()
    question = serializers.CharField()
    obligation = serializers.ChoiceField(choices=OBLIGATIONS)
    na_allowed = serializers.BooleanField()
    evidence = serializers.ChoiceField(choices=EVIDENCE_RULES)
    status = serializers.ChoiceField(choices=WORK)
    answer = AnswerSerializer(allow_null=True)


class AnswerInputSerializer(Input):
    """Either a level, or not applicable with the reason; neither is a note in progress, and still unanswered."""

    level = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=HIGHEST_LEVEL
    )
    not_applicable = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    account = serializers.CharField(required=False, allow_blank=True, default="", max_length=20_000)
    version = serializers.IntegerField(
        min_value=0,
        max_value=MOST_VERSIONS,
        help_text="Of the answer as you read it, 0 for none; a stale one is a 409.",
    )

    example = {"level": 3, "account": "Doors are checked at the start of each hire.", "version": 0}


class AnswerConflictSerializer(ProblemSerializer):
    """With `conflict`: the answer as it is stored now."""

    current = AnswerSerializer(required=False, allow_null=True)


class EvidenceSerializer(Shape):
    """A file can be opened once `scan` is clean."""

    id = serializers.UUIDField()
    code = serializers.CharField(source="criterion_code")
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    scan = serializers.ChoiceField(choices=Evidence.Scan.choices)
    scanned_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    uploaded_at = serializers.DateTimeField()


class EvidenceInputSerializer(Input):
    code = serializers.CharField(max_length=_LONGEST_CODE, help_text="The criterion that it belongs to.")
    file = serializers.FileField(
        allow_empty_file=True, help_text="At most 25 MB; looked at and scanned before anybody opens it."
    )
    note = serializers.CharField(max_length=240, required=False, allow_blank=True, default="")


class _CriterionScoreSerializer(Shape):
    code = serializers.CharField()
    applies = serializers.BooleanField()
    why = serializers.CharField()
    obligation = serializers.ChoiceField(choices=OBLIGATIONS)
    level = serializers.IntegerField(allow_null=True)
    na = serializers.BooleanField()
    earned = serializers.CharField(help_text="A fraction in lowest terms.")
    available = serializers.CharField()
    lost = serializers.CharField()
    if_raised_overall = serializers.CharField(
        allow_null=True, help_text="The whole, in percent, if this one were raised to full marks."
    )


class _BlockerSerializer(Shape):
    kind = serializers.ChoiceField(choices=BLOCKERS)
    code = serializers.CharField(allow_null=True)
    have = serializers.CharField()
    need = serializers.CharField()
    shortfall = serializers.CharField()


class _RemedySerializer(Shape):
    code = serializers.CharField()
    remedy = serializers.CharField()
    days = serializers.IntegerField()


class ScoreSerializer(Shape):
    """The score with every point of it explained. Percentages are texts with one decimal."""

    standard = serializers.CharField()
    version = serializers.CharField()
    outcome = serializers.ChoiceField(choices=scoring.OUTCOMES)
    overall = serializers.CharField()
    sections = serializers.DictField(
        child=serializers.CharField(allow_null=True), help_text="Percent by section's code."
    )
    criteria = _CriterionScoreSerializer(many=True)
    blockers = _BlockerSerializer(many=True, help_text="What stands between this score and a certificate.")
    conditions = _RemedySerializer(many=True)
    unanswered = serializers.ListField(child=serializers.CharField())


class DeclarationSerializer(Input):
    """Who says that the plan is true."""

    name = serializers.CharField(max_length=120)
    position = serializers.CharField(max_length=120)
    agreed = serializers.BooleanField(help_text="That the plan is true as far as they know. Must be true.")


class NewSubmissionSerializer(Input):
    declaration = DeclarationSerializer()

    example = {"declaration": {"name": "Olive Organiser", "position": "Trust manager", "agreed": True}}


class SubmissionRowSerializer(Shape):
    number = serializers.IntegerField()
    receipt = serializers.CharField()
    content_hash = serializers.CharField(help_text="SHA-256 of the canonical JSON of the snapshot.")
    overall = serializers.CharField(source="score.overall", help_text="Its own score on that day, in percent.")
    declared_name = serializers.CharField()
    declared_position = serializers.CharField()
    submitted_at = serializers.DateTimeField()


class SubmissionSerializer(SubmissionRowSerializer):
    """`snapshot` is what was submitted, frozen: facts, answers and the list of files with their hashes."""

    snapshot = serializers.DictField()
    score = ScoreSerializer()


class SentRequestSerializer(Shape):
    """What the police asked for. Drafts are in the review alone."""

    code = serializers.CharField(source="criterion_code")
    message = serializers.CharField()
    state = serializers.ChoiceField(choices=ChangeRequest.State.choices)
    sent_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
