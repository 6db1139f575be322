"""Where each kind of content lives, and the schema of its files."""

from functools import cache

from marshmallow import Schema

from schemas.causes import CauseFile
from schemas.evidence import ClaimFile
from schemas.illustrations import IllustrationFile
from schemas.prevention_tips import PreventionTipFile
from schemas.releases import NextReleaseFile, ReleaseFile
from schemas.relief_protocols import ReliefProtocolFile
from schemas.risk_flags import RiskFlagFile
from schemas.risk_questions import QuestionGroupFile
from schemas.risk_rules import (
    ConsistencyChecksFile,
    FactsFile,
    PoliciesFile,
    RoutesFile,
    SelfCareActionsFile,
    UrgencyLevelsFile,
)
from schemas.scores import ScoresFile
from schemas.service import (
    CodesFile,
    MessagesFile,
    ServiceFile,
    VocabulariesFile,
)
from schemas.sources import SourceFile
from schemas.vignettes import VignetteFile

FOLDERS: dict[str, type[Schema]] = {
    "causes": CauseFile,
    "relief-protocols": ReliefProtocolFile,
    "prevention-tips": PreventionTipFile,
    "risk-flags": RiskFlagFile,
    "risk-questions": QuestionGroupFile,
    "illustrations": IllustrationFile,
    "sources": SourceFile,
    "claims": ClaimFile,
    "vignettes": VignetteFile,
    "releases": ReleaseFile,
}
"""Folders of one file per item."""

DOCUMENTS: dict[str, type[Schema]] = {
    "risk-rules/urgency-levels": UrgencyLevelsFile,
    "risk-rules/routes": RoutesFile,
    "risk-rules/facts": FactsFile,
    "risk-rules/scores": ScoresFile,
    "risk-rules/consistency-checks": ConsistencyChecksFile,
    "risk-rules/self-care-actions": SelfCareActionsFile,
    "risk-rules/policies": PoliciesFile,
    "service": ServiceFile,
    "vocabularies": VocabulariesFile,
    "messages": MessagesFile,
    "codes": CodesFile,
}
"""Single files; each must be there."""

NEXT_RELEASE = "releases/next"

NOTES: dict[str, type[Schema]] = {NEXT_RELEASE: NextReleaseFile}
"""Single files that are there for a time only, and are never served."""


def schema_for(name: str) -> Schema:
    """The schema of the file `name` (path in content/, no ending)."""
    single = DOCUMENTS.get(name) or NOTES.get(name)
    return _made(single or FOLDERS[name.partition("/")[0]])


@cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


def is_content(name: str) -> bool:
    """Whether content has a place for the file `name`."""
    folder, _, rest = name.partition("/")
    return name in DOCUMENTS or (folder in FOLDERS and rest != "" and "/" not in rest)
