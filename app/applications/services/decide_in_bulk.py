"""One outcome for many applications in one transaction, its mails held back, and the undo while they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications import rules
from app.applications.desk.models import BulkDecision, BulkItem
from app.applications.models import Application, CheckOutcome, EligibilityCheck, Submission
from app.applications.queries.asked import readable
from app.applications.rules.acting import why_not_outcome
from app.applications.services.check_eligibility import Held, check_eligibility
from app.applications.services.locking import lock_application
from app.applications.services.settle import settle_application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.mail.models import Mail
from app.mail.services import withdraw_mails
from app.mail.states import MailState

UNDO_FOR = timedelta(minutes=5)  # from the decision until its mails go
MOST_AT_ONCE = 500

Seen = tuple[int, int]  # the number of the submission and the number of checks that were shown


@dataclass(frozen=True)
class Previewed:
    """One of the chosen, and why the outcome cannot be recorded for it (None where it can)."""

    application: Application
    seen: Seen
    why_not: str | None


def preview_bulk(
    challenge: Challenge, application_ids: Sequence[UUID], outcome: CheckOutcome, *, actor: User, now: datetime
) -> list[Previewed]:
    """What would become of each of the chosen, by receipt number. Nothing changes. Three statements.

    Words and dates are judged when they are given; here is what stands in the way whatever they say.
    """
    query = (
        sa.select(Application)
        .where(Application.id.in_(application_ids), readable(challenge, now))
        .order_by(sa.func.length(Application.receipt_number), Application.receipt_number)
        .options(sa.orm.joinedload(Application.startup), sa.orm.joinedload(Application.theme))
    )
    applications = list(db.session.scalars(query))
    ids = [application.id for application in applications]
    checks: dict[UUID, list[EligibilityCheck]] = {i: [] for i in ids}
    made = sa.select(EligibilityCheck).where(EligibilityCheck.application_id.in_(ids))
    for check in db.session.scalars(made.order_by(EligibilityCheck.checked_at, EligibilityCheck.id)):
        checks[check.application_id].append(check)
    last = (
        sa.select(Submission.application_id, sa.func.max(Submission.number))
        .where(Submission.application_id.in_(ids))
        .group_by(Submission.application_id)
    )
    numbers = {row[0]: row[1] for row in db.session.execute(last)}
    return [
        Previewed(a, (numbers.get(a.id, 0), len(checks[a.id])), _why_not(a, outcome, checks[a.id], actor, now))
        for a in applications
    ]


def _why_not(
    application: Application, outcome: CheckOutcome, earlier: list[EligibilityCheck], actor: User, now: datetime
) -> str | None:
    if reason := rules.why_not_check(application, actor, now):
        return reason
    due = application.correction_due_at
    if due is not None and not rules.in_time(now, due):
        return None  # settled when it is decided
    if reason := rules.why_not_in_bulk(application):
        return reason
    # With words and a date that will do, only the state and the earlier checks can stand in the way.
    later = now + timedelta(days=1)
    fault = why_not_outcome(application, outcome, earlier, reason="-", due_at=later, now=now)
    return fault[1] if fault else None


def decide_in_bulk(
    challenge: Challenge, seen: Mapping[UUID, Seen], outcome: CheckOutcome, *, reason: str = "", due_at: datetime | None = None,
    actor: User, now: datetime,
) -> BulkDecision:  # fmt: skip
    """Record one outcome for all of `seen` (application -> what its line showed), or for none of them.

    The mails wait for UNDO_FOR. Raises RuleBroken, with the application's number in the sentence where it is about one.
    """
    if not seen:
        raise RuleBroken(_("Choose at least one application."))
    if len(seen) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(count)s at once.", count=MOST_AT_ONCE))
    query = sa.select(Application).where(Application.id.in_(seen), readable(challenge, now)).order_by(Application.id)
    applications = list(db.session.scalars(query))
    if len(applications) != len(seen):
        raise RuleBroken(_("One of the chosen is not there any more. Choose again."))
    bulk = BulkDecision(
        challenge_id=challenge.id, outcome=outcome, decided_by_id=actor.id, decided_at=now, undo_until=now + UNDO_FOR
    )
    db.session.add(bulk)
    db.session.flush()
    for application in applications:
        _decide_one(bulk, application, seen[application.id], reason, due_at, actor=actor, now=now)
    record(
        "applications.decide_in_bulk", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"bulk_id": str(bulk.id), "outcome": outcome.value, "applications": len(applications)},
    )  # fmt: skip
    return bulk


def _decide_one(
    bulk: BulkDecision, application: Application, seen: Seen, reason: str, due_at: datetime | None, *, actor: User, now: datetime
) -> None:  # fmt: skip
    settle_application(application, now=now)
    if sentence := rules.why_not_in_bulk(application):
        raise RuleBroken(_about(application, sentence))
    before = application.state
    held = Held(bulk.undo_until, undo_key(bulk, application.id))
    try:
        check = check_eligibility(
            application, bulk.outcome, reason=reason, due_at=due_at, actor=actor, now=now, seen=seen, held=held
        )
    except StaleEdit as error:
        sentence = _("It changed while you were deciding: see what stands now, then decide.")
        raise RuleBroken(_about(application, sentence)) from error
    except RuleBroken as refused:
        if refused.field in ("reason", "due_at"):
            raise
        raise RuleBroken(_about(application, refused.sentence)) from refused
    db.session.flush()
    db.session.add(
        BulkItem(
            bulk_id=bulk.id,
            application_id=application.id,
            check_id=check.id,
            before=before,
            version=application.version,
        )
    )


def _about(application: Application, sentence: str) -> str:
    return f"{application.receipt_number}: {sentence}"


def undo_key(bulk: BulkDecision, application_id: UUID) -> str:
    """Under which the mails of one decision of the bulk wait."""
    return f"desk.decide:{bulk.id}:{application_id}"


@dataclass(frozen=True)
class Undone:
    """How many were put back, and of each that was not, its sentence."""

    count: int
    refused: list[str]


def undo_bulk(bulk: BulkDecision, challenge: Challenge, *, actor: User, now: datetime) -> Undone:
    """Put back what the decision changed, and take its mails back. What has moved on since stays. Raises RuleBroken."""
    db.session.refresh(bulk, ["undone_at", "undo_until"], with_for_update=True)
    if reason := rules.why_not_undo(bulk, actor, challenge, now):
        raise RuleBroken(reason)
    query = sa.select(Application).where(Application.id.in_([item.application_id for item in bulk.items]))
    applications = {application.id: application for application in db.session.scalars(query)}
    refused, count = [], 0
    for item in bulk.items:
        application = applications[item.application_id]
        if sentence := _undo_one(bulk, item, application, actor=actor, now=now):
            refused.append(_about(application, sentence))
        else:
            count += 1
    bulk.undone_at = now
    record(
        "applications.undo_bulk", subject=challenge, actor=actor, now=now, challenge_id=challenge.id,
        details={"bulk_id": str(bulk.id), "outcome": bulk.outcome.value, "undone": count, "kept": len(refused)},
    )  # fmt: skip
    return Undone(count, refused)


def _undo_one(
    bulk: BulkDecision, item: BulkItem, application: Application, *, actor: User, now: datetime
) -> str | None:
    """Put one application back, or say why it stays as it is."""
    lock_application(application)
    last = db.session.scalar(
        sa.select(EligibilityCheck.id)
        .where(EligibilityCheck.application_id == application.id)
        .order_by(EligibilityCheck.checked_at.desc(), EligibilityCheck.id.desc())
        .limit(1)
    )
    decided = ApplicationState(bulk.outcome.value)
    if last != item.check_id or application.state is not decided or application.version != item.version:
        return _("It has moved on since, so it stays as it is.")
    sent = sa.exists().where(Mail.undo_key == undo_key(bulk, application.id), Mail.state == MailState.SENT)
    if db.session.scalar(sa.select(sent)):
        return _("The applicant has been told already, so it stays as it is.")
    withdraw_mails(undo_key(bulk, application.id), now=now)
    application.state, application.correction_due_at = item.before, None
    item.check_id = None
    db.session.flush()
    db.session.execute(sa.delete(EligibilityCheck).where(EligibilityCheck.id == last))
    record(
        "applications.undo_check", subject=application, actor=actor, now=now, challenge_id=application.challenge_id,
        details={"before": decided.value, "after": item.before.value, "bulk_id": str(bulk.id)},
    )  # fmt: skip
    return None
