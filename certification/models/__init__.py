from certification.models.certificates import Certificate, CertificateSerial, Reminder
from certification.models.conditions import CertificateCondition
from certification.models.decisions import Decision, Recommendation
from certification.models.evidence import Evidence
from certification.models.listing import ListingRequest
from certification.models.plans import Answer, Plan, Submission
from certification.models.proposals import Proposal
from certification.models.register import RegisterIndex, RegisterSpelling
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
    "ListingRequest",
    "Plan",
    "Proposal",
    "Recommendation",
    "RegisterIndex",
    "RegisterSpelling",
    "Reminder",
    "Review",
    "StandardVersion",
    "Submission",
]
