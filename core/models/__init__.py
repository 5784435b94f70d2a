from core.models.audit import AuditAnchor, AuditAnchorEntry, AuditChain, AuditEvent
from core.models.mail import OutgoingMail
from core.models.outbox import OutboxJob
from core.models.signing import SigningKey, SigningOutage
from core.models.sweeps import SweepRun

__all__ = [
    "AuditAnchor",
    "AuditAnchorEntry",
    "AuditChain",
    "AuditEvent",
    "OutboxJob",
    "OutgoingMail",
    "SigningKey",
    "SigningOutage",
    "SweepRun",
]
