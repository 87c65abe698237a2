"""Every column that could name a person has a word said about it: held by a keeper, or said here to name nobody."""

import sqlalchemy as sa

from app.core.database import Base
from app.core.persons import keepers

# What a call, its rules, its results and its mails' wording say is public or the organizer's own, and names no private person.
PUBLIC = {
    "attachments", "audit_events", "audit_head", "challenges", "chair_decisions", "consent_texts", "criteria", "decisions",
    "document_requirements", "form_drafts", "form_steps", "mail_batches", "mail_holds", "mail_wordings",
    "milestones", "pledges", "prizes", "public_reviews", "questions", "result_sets", "rounds", "rules_versions",
    "themes",
}  # fmt: skip
# Columns of tables about persons that say nothing of one: codes, hashes of texts, colours, marks.
NOBODY = {
    "organizations": {"accent", "certificate_post_ko", "certificate_post_en"},
    "audit_personal": {"salt"},
    "jobs": {"kind", "key"},
    "mails": {"language", "template", "undo_key"},
    "profile_documents": {"media_type"},
    "documents": {"media_type", "question"},
    "uploads": {"question"},
    "applications": {"receipt_number", "touched", "form_sha256"},
    "submissions": {"sha256"},
    "given_consents": {"text_sha256", "language", "question"},
    "eligibility_overrides": {"rules"},
    "score_sheets": {"scores", "saved_from"},
    "blind_choices": {"place"},
    "blind_copies": {"source_sha256", "place", "media_type", "doubts", "made_with"},
    "certificates": {"code", "language", "style", "sha256", "revoked_reason"},
    "editing_presences": {"section"},
    "screening_tags": {"name"},
    "inquiries": {"language", "published_ko", "published_en", "answer_ko", "answer_en"},
}


def texts(table: sa.Table) -> set[str]:
    return {
        c.name for c in table.columns if isinstance(c.type, sa.String | sa.JSON) and not isinstance(c.type, sa.Enum)
    }


def test_every_text_is_kept_by_somebody_or_names_nobody(app):
    held = {table: columns for keeper in keepers() for table, columns in keeper.columns.items()}
    unsaid = {
        table.name: missing
        for table in Base.metadata.sorted_tables
        if table.name not in PUBLIC
        and (missing := texts(table) - held.get(table.name, set()) - NOBODY.get(table.name, set()))
    }
    assert unsaid == {}, (
        "say in the feature's personal_data.py how these are found and erased, or here that they name nobody"
    )


def test_no_word_is_said_of_what_is_not_there(app):
    for keeper in keepers():
        for table, columns in keeper.columns.items():
            assert columns <= texts(Base.metadata.tables[table]), (keeper.feature, table)
