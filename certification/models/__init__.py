from certification.models.certificates import Certificate, CertificateSerial, Reminder
from certification.models.conditions import (
    CertificateCondition,
    ConditionDischarge,
    ConditionExtension,
    ConditionReminder,
)
from certification.models.decisions import Decision, Recommendation
from certification.models.evidence import Evidence
from certification.models.plans import Answer, Plan, Submission
from certification.models.proposals import Proposal
from certification.models.reviews import ChangeRequest, CriterionReview, Review
from certification.models.standards import StandardVersion

__all__ = [
    "Answer",
    "Certificate",
    "CertificateCondition",
    "CertificateSerial",
    "ChangeRequest",
    "ConditionDischarge",
    "ConditionExtension",
    "ConditionReminder",
    "CriterionReview",
    "Decision",
    "Evidence",
    "Plan",
    "Proposal",
    "Recommendation",
    "Reminder",
    "Review",
    "StandardVersion",
    "Submission",
]
