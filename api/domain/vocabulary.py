"""The closed vocabularies of the content. Their labels are content; see `texts`."""

from enum import StrEnum


class Population(StrEnum):
    """Whom a statement concerns."""

    EVERYONE = "everyone"
    ADULTS = "adults"
    OLDER_ADULTS = "older-adults"
    CHILDREN = "children"
    PREGNANCY = "pregnancy"
    POSTPARTUM = "postpartum"
    ATHLETES = "athletes"
    DIABETES = "diabetes"
    NEUROPATHY = "neuropathy"
    KIDNEY_DISEASE = "kidney-disease"
    DIALYSIS = "dialysis"
    LIVER_DISEASE = "liver-disease"
    THYROID_DISEASE = "thyroid-disease"
    HEART_DISEASE = "heart-disease"
    ARTERY_DISEASE = "artery-disease"
    VEIN_DISEASE = "vein-disease"
    SPINAL_STENOSIS = "spinal-stenosis"
    CLOT_RISK = "clot-risk"
    MEDICINE_USERS = "medicine-users"
    STATIN_USERS = "statin-users"
    QUININE_USERS = "quinine-users"
    SMOKERS = "smokers"
    TRAVELLERS = "travellers"
    HEALTHY_VOLUNTEERS = "healthy-volunteers"
    LABORATORY = "laboratory"


class When(StrEnum):
    DURING = "during"
    AFTER = "after"


class Site(StrEnum):
    CALF = "calf"
    FOOT = "foot"
    HAMSTRING = "hamstring"


class Position(StrEnum):
    IN_BED = "in-bed"
    SITTING = "sitting"
    STANDING = "standing"


class Side(StrEnum):
    CRAMPING_LEG = "cramping-leg"
    OTHER_LEG = "other-leg"
    BOTH_LEGS = "both-legs"
    WHOLE_BODY = "whole-body"


class Urgency(StrEnum):
    """Most urgent first."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    SEE_DOCTOR_SOON = "see_doctor_soon"
    SELF_CARE = "self_care"


class Basis(StrEnum):
    """Whether a source names the trigger and the urgency, or the choice is ours."""

    GUIDANCE = "guidance"
    GUIDANCE_PLUS_JUDGEMENT = "guidance-plus-judgement"
    JUDGEMENT = "judgement"


class SourceKind(StrEnum):
    OFFICIAL_GUIDANCE = "official-guidance"
    GUIDELINE = "guideline"
    REGULATOR = "regulator"
    SYSTEMATIC_REVIEW = "systematic-review"
    REVIEW = "review"
    RCT = "rct"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CASE_REPORT = "case-report"
    MECHANISTIC = "mechanistic"
    REFERENCE = "reference"
    SCORE = "score"
