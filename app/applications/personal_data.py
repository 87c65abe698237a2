"""Applications: contacts, answers, documents, consents, and who wrote them. They go when the challenge's retention ends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import LegalForm, Organization, OrganizationKind, User
from app.accounts.personal_data import erase_deserted, is_deserted
from app.applications.desk.models import SavedView
from app.applications.labels import field_words
from app.applications.models import (
    Application,
    Document,
    EligibilityCheck,
    EligibilityOverride,
    GivenConsent,
    ReminderStop,
    Submission,
)
from app.applications.writing.models import ApplicationRight, CoWriterInvitation
from app.challenges.form.answers import show
from app.challenges.form.carrying import Kept
from app.challenges.models import Challenge
from app.challenges.retention import kept_until
from app.core.bilingual import Bilingual
from app.core.database import Base, db
from app.core.persons import ERASED, File, Holding, Keeper, Person, keep
from app.web.filters import day

# What stays of an application, without persons: what judging and results lean on. Whatever else hangs on one goes with it.
STAYING = frozenset({"submissions", "given_consents", "eligibility_checks", "conflicts"})


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    mine = sa.or_(
        Application.startup_id.in_(user.organization_ids(OrganizationKind.STARTUP)),
        sa.func.lower(Application.contact_email) == user.email.lower(),
        Application.created_by_id == user.id,
    )
    query = (
        sa.select(Application, Challenge)
        .join(Challenge)
        .where(mine, Application.erased_at.is_(None))
        .order_by(Application.created_at)
    )
    found = db.session.execute(query).all()
    kept = _("Until the retention period of each challenge ends; the day stands in each row.")
    rows = [_row(a, c, user) for a, c in found]
    ids = [a.id for a, _c in found if user.belongs_to(a.startup_id)]  # whoever is only named as a contact reads no more
    documents = list(
        db.session.scalars(sa.select(Document).where(Document.application_id.in_(ids)).order_by(Document.uploaded_at))
    )
    yield Holding(
        "applications", _("Applications"), kept, rows, [File(d.filename, d.sha256, d.size) for d in documents]
    )
    consents = db.session.scalars(
        sa.select(GivenConsent).where(GivenConsent.application_id.in_(ids)).order_by(GivenConsent.decided_at)
    )
    yield Holding(
        "consents", _("Consents"), kept,
        [{_("Decided"): g.decided_at.isoformat(timespec="seconds"), _("Agreed"): _("yes") if g.given else _("no"), "SHA-256": g.text_sha256} for g in consents],
    )  # fmt: skip


def _row(application: Application, challenge: Challenge, user: User) -> dict[str, str]:
    until = kept_until(challenge)
    contact, answers = {}, {}
    belongs = user.belongs_to(application.startup_id)
    # Whoever only began it, and has left the startup since, reads no more of the contact person.
    if belongs or application.contact_email.lower() == user.email.lower():
        contact = {
            _("Contact person"): application.contact_name,
            _("E-mail"): application.contact_email,
            _("Telephone"): application.contact_phone,
        }
    if belongs:
        answers = {
            f"{_('Answer')} {code}": field_words(challenge, f"answer-{code}", answer)
            for code, answer in application.answers.items()
        }
        for item in application.kept:  # what a later form has no place for
            kept = Kept.from_json(item)
            answers[f"{_('Answer')} {kept.question.code}"] = show(kept.question, kept.answer)
    return {
        _("Challenge"): challenge.title.in_language(user.language),
        _("Receipt number"): application.receipt_number or "–",
        _("Kept until"): day(until, challenge.timezone) if until else _("not known before the results"),
        **contact,
        **answers,
    }


def erase_person(person: Person, *, now: datetime) -> int:
    """What is nobody's but theirs: the desk's views that they saved, and what names them beside an application."""
    del now
    address = person.email.lower()
    theirs: tuple[tuple[type[Base], sa.ColumnElement[bool]], ...] = (
        (SavedView, SavedView.owner_id == person.id),
        (ApplicationRight, ApplicationRight.user_id == person.id),
        (CoWriterInvitation, sa.func.lower(CoWriterInvitation.email) == address),
        (ReminderStop, sa.func.lower(ReminderStop.email) == address),
    )
    return sum(
        len(db.session.execute(sa.delete(table).where(which).returning(sa.literal(1))).all()) for table, which in theirs
    )


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    """Each application becomes a row with its number, state and startup; scores, ranks and results lean on it as before."""
    wanted = sa.select(Application).where(Application.challenge_id == challenge_id, Application.erased_at.is_(None))
    applications = list(db.session.scalars(wanted.order_by(Application.id).limit(limit)))
    for application in applications:
        _erase(application, now)
    if len(applications) < limit:
        db.session.execute(sa.delete(SavedView).where(SavedView.challenge_id == challenge_id))
        db.session.execute(
            sa.update(EligibilityOverride).where(EligibilityOverride.challenge_id == challenge_id).values(reason=ERASED)
        )
    return len(applications)


def _erase(application: Application, now: datetime) -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is Application.__table__ and key.ondelete == "CASCADE" and table.name not in STAYING:
                db.session.execute(sa.delete(table).where(key.parent == application.id))
    startup = db.session.get_one(Organization, application.startup_id)
    for submission in db.session.scalars(sa.select(Submission).where(Submission.application_id == application.id)):
        submission.content, submission.submitted_by_id = _bare(submission.content, now), None
    db.session.execute(
        sa.update(EligibilityCheck)
        .where(EligibilityCheck.application_id == application.id, EligibilityCheck.reason != "")
        .values(reason=ERASED)
    )
    db.session.execute(
        sa.update(GivenConsent).where(GivenConsent.application_id == application.id).values(decided_by_id=None)
    )
    application.contact_name = application.contact_email = application.contact_phone = ""
    application.answers, application.confirmed, application.unsent, application.saved_tab = {}, {}, None, None
    application.kept = []
    application.created_by_id = application.saved_by_id = None
    application.erased_at = now
    db.session.flush()
    db.session.expire(application)
    _erase_startup(startup)


def _bare(content: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A submission without what was said in it: which form it had, when it came, and of which company."""
    company = dict.fromkeys(content["company"]) | {
        "id": content["company"]["id"], "name": content["company"]["name"], "legal_form": content["company"]["legal_form"],
        "representative": "", "address": "", "website": "",
    }  # fmt: skip
    if company["legal_form"] not in (LegalForm.CORPORATION, LegalForm.FOREIGN):
        company["name"] = Bilingual(ERASED, ERASED).as_dict()  # a sole trader's name is a person's
    empty: dict[str, Any] = {
        "contact": dict.fromkeys(content["contact"], ""),
        "answers": [],
        "documents": [],
        "confirmed": [],
    }
    consents = [consent | {"decided_by": None} for consent in content["consents"]]
    return content | empty | {"company": company, "consents": consents, "erased_at": now.isoformat()}


def _erase_startup(startup: Organization) -> None:
    """What the register of startups says of one that nobody belongs to and that has no other application standing."""
    standing = sa.select(Application.id).where(Application.startup_id == startup.id, Application.erased_at.is_(None))
    if not is_deserted(startup) or db.session.scalar(standing.limit(1)) is not None:
        return
    erase_deserted(startup)
    startup.representative = startup.address = startup.website = ""
    if startup.legal_form not in (LegalForm.CORPORATION, LegalForm.FOREIGN):
        startup.name, startup.business_number = Bilingual(ERASED, ERASED), None


keep(
    Keeper(
        "applications",
        {
            "applications": frozenset(
                {
                    "contact_name",
                    "contact_email",
                    "contact_phone",
                    "answers",
                    "kept",
                    "confirmed",
                    "unsent",
                    "saved_tab",
                }
            ),
            "submissions": frozenset({"content"}),
            "documents": frozenset({"filename", "sha256"}),
            "uploads": frozenset({"filename", "sha256"}),
            "reminder_stops": frozenset({"email"}),
            "eligibility_checks": frozenset({"reason"}),
            "eligibility_overrides": frozenset({"reason"}),
            "co_writer_invitations": frozenset({"email", "token_sha256"}),
            "draft_versions": frozenset({"changes"}),
            "screening_cases": frozenset({"search_text", "name_key", "business_number", "proposal_text"}),
            "screening_notes": frozenset({"text"}),
            "saved_views": frozenset({"name", "query"}),
        },
        find,
        erase_person,
        erase_challenge,
    )
)
