from advisories.models.threat import (
    Level,
    ResponseLevel,
    ResponseMeasures,
    Scope,
    ThreatChange,
    ThreatConfirmation,
    ThreatNotice,
    ThreatResponse,
    Zone,
)

__all__ = [
    "Level",
    "ResponseLevel",
    "ResponseMeasures",
    "Scope",
    "ThreatChange",
    "ThreatConfirmation",
    "ThreatNotice",
    "ThreatResponse",
    "Zone",
]
