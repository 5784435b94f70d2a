from certification.models.certificates import Certificate, CertificateCondition, CertificateSerial, Reminder, Revocation
from certification.models.decisions import Decision, Recommendation
from certification.models.evidence import Evidence
from certification.models.plans import Answer, Plan, Submission
from certification.models.reviews import ChangeRequest, CriterionReview, Review
from certification.models.standards import StandardVersion

__all__ = [
    "Answer",
    "Certificate",
    "CertificateCondition",
    "CertificateSerial",
    "ChangeRequest",
    "CriterionReview",
    "Decision",
    "Evidence",
    "Plan",
    "Recommendation",
    "Reminder",
    "Review",
    "Revocation",
    "StandardVersion",
    "Submission",
]
