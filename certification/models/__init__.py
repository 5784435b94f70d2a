from certification.models.certificates import Certificate, CertificateSerial, Reminder
from certification.models.changes import MaterialChange
from certification.models.conditions import (
    CertificateCondition,
    ConditionDischarge,
    ConditionExtension,
    ConditionReminder,
)
from certification.models.credentials import CredentialStatus
from certification.models.decisions import Decision, Recommendation
from certification.models.evidence import Evidence
from certification.models.files import Bundle, CertificateFile
from certification.models.listing import ListingRequest
from certification.models.plans import Answer, Plan, Submission
from certification.models.proposals import Proposal
from certification.models.register import RegisterIndex, RegisterSpelling
from certification.models.reviews import ChangeRequest, CriterionReview, Review
from certification.models.standards import StandardVersion
from certification.models.transfers import TransferOffer

__all__ = [
    "Answer",
    "Bundle",
    "Certificate",
    "CertificateCondition",
    "CertificateFile",
    "CertificateSerial",
    "ChangeRequest",
    "ConditionDischarge",
    "ConditionExtension",
    "ConditionReminder",
    "CredentialStatus",
    "CriterionReview",
    "Decision",
    "Evidence",
    "ListingRequest",
    "MaterialChange",
    "Plan",
    "Proposal",
    "Recommendation",
    "RegisterIndex",
    "RegisterSpelling",
    "Reminder",
    "Review",
    "StandardVersion",
    "Submission",
    "TransferOffer",
]
