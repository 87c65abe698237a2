"""What may be done with an application, by whom and until when; each refusal is a sentence."""

from app.applications.rules.acting import (
    in_time,
    is_closed,
    why_not_check,
    why_not_edit,
    why_not_export,
    why_not_open,
    why_not_reopen,
    why_not_start,
    why_not_submit,
    why_not_withdraw,
)
from app.applications.rules.completeness import (
    SECTIONS,
    Fault,
    Section,
    answer_fault,
    consent_sha256,
    document_fault,
    earliest_issue,
    find_faults,
    is_answered,
    is_consent_current,
)
from app.applications.rules.documents import why_not_announced, why_not_document, why_not_file, why_not_size
from app.applications.rules.eligibility import (
    LIFTABLE,
    confirmations_asked,
    facts_of,
    rules_in_force,
    why_not_confirmed,
    why_not_override,
)
from app.applications.writing.rules import is_own, right_of

__all__ = [
    "LIFTABLE", "SECTIONS", "Fault", "Section", "answer_fault", "confirmations_asked", "consent_sha256", "document_fault", "earliest_issue",
    "facts_of", "find_faults", "in_time", "is_answered", "is_closed", "is_consent_current", "is_own", "right_of", "rules_in_force",
    "why_not_announced", "why_not_check", "why_not_confirmed", "why_not_document", "why_not_edit", "why_not_export", "why_not_file",
    "why_not_open", "why_not_override", "why_not_reopen", "why_not_size", "why_not_start", "why_not_submit", "why_not_withdraw",
]  # fmt: skip
