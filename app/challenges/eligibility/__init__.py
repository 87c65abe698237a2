"""Who may apply, as rules that decide by themselves; the pages of the call, the form and the organizer tell the same sentences."""

from app.challenges.eligibility.age import age_at, last_day_within
from app.challenges.eligibility.criteria import (
    Confirmation,
    Criteria,
    Facts,
    Finding,
    Rule,
    confirmations_of,
    criteria_of,
    exclusions_of,
    reference_date_of,
)
from app.challenges.eligibility.findings import (
    employees_words,
    entries_words,
    find,
    industry_words,
    lift,
    region_names,
    why_not,
)

__all__ = [
    "Confirmation", "Criteria", "Facts", "Finding", "Rule", "age_at", "confirmations_of", "criteria_of", "employees_words",
    "entries_words", "exclusions_of", "find", "industry_words", "last_day_within", "lift", "reference_date_of", "region_names",
    "why_not",
]  # fmt: skip
