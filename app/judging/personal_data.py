"""Judges: who they are, their conflicts, and what they wrote. Scores and totals stay; the people behind them go."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.models import Application
from app.challenges.models import Challenge, Round
from app.core.database import db
from app.core.persons import ERASED, Holding, Keeper, Person, erased_address, keep
from app.judging.blind.models import BlindChoice, BlindCopy
from app.judging.conflicts.models import ConflictReview
from app.judging.models import Bonus, Conflict, Judge, ScoreSheet, SignedSheetCopy
from app.judging.people.models import JudgeProfile
from app.judging.rounds.models import RoundEntry


def find(person: Person) -> Iterable[Holding]:
    user = db.session.get(User, person.id)
    if user is None:
        return
    query = sa.select(Judge, Challenge).join(Challenge).where(Judge.user_id == user.id)
    kept = _("Until the retention period of the challenge ends; your scores stay without your name.")
    judges = db.session.execute(query).all()
    yield Holding(
        "judge", _("As a judge"), kept,
        [{_("Challenge"): c.title.in_language(user.language), _("Name"): j.name, _("E-mail"): j.email, _("Affiliation"): j.affiliation} for j, c in judges],
    )  # fmt: skip
    ids = [j.id for j, _c in judges]
    profiles = db.session.scalars(sa.select(JudgeProfile).where(JudgeProfile.judge_id.in_(ids)))
    yield Holding(
        "judge_profiles", _("Profile as a judge"), kept,
        [{_("Keywords"): ", ".join(p.keywords), _("Employer"): f"{p.employer} {p.employer_number or ''}".strip(), _("Days and hours"): p.availability, _("Companies"): "; ".join(f"{t.company} {t.business_number or ''}".strip() for t in p.ties)} for p in profiles],
    )  # fmt: skip
    sheets = db.session.scalars(
        # One on which nothing stands says nothing of the judge, and that it was there may tell of an entry in conflict.
        sa.select(ScoreSheet)
        .where(
            ScoreSheet.judge_id.in_(ids),
            ScoreSheet.saved_at.is_not(None),
        )
        .order_by(ScoreSheet.assigned_at)
    )
    yield Holding(
        "sheets", _("Score sheets"), kept,
        [{_("Total"): str(s.total) if s.total is not None else "–", _("Comment"): s.comment, _("Note"): s.note, **{f"{_('Comment')} {code}": text for code, text in s.comments.items()}} for s in sheets],
    )  # fmt: skip
    # What others found in conflict may name an applicant whom the judge is not to know of.
    conflicts = db.session.scalars(
        sa.select(Conflict).where(Conflict.judge_id.in_(ids), Conflict.declared_by_id == user.id)
    )
    yield Holding("conflicts", _("Conflicts of interest"), kept, [{_("Reason"): c.reason} for c in conflicts])


def erase_challenge(challenge_id: UUID, *, now: datetime, limit: int) -> int:
    named = Judge.email.not_like("erased-%@erased.invalid")
    query = sa.select(Judge).where(Judge.challenge_id == challenge_id, named).order_by(Judge.id).limit(limit)
    judges = list(db.session.scalars(query))
    for judge in judges:
        _erase(judge, now)
    if len(judges) < limit:
        rounds = sa.select(Round.id).where(Round.challenge_id == challenge_id)
        db.session.execute(sa.update(Bonus).where(Bonus.round_id.in_(rounds)).values(evidence=ERASED))
        by_hand = RoundEntry.round_id.in_(rounds) & (RoundEntry.reason != "")
        db.session.execute(sa.update(RoundEntry).where(by_hand).values(reason=ERASED))
        applications = sa.select(Application.id).where(Application.challenge_id == challenge_id)
        for table in (BlindChoice, BlindCopy):  # the files go with them: nothing names them any more
            db.session.execute(sa.delete(table).where(table.application_id.in_(applications)))
    return len(judges)


def _erase(judge: Judge, now: datetime) -> None:
    """The judge becomes nobody in particular; an accepted one keeps an account without a person, which the row leans on."""
    if judge.user_id is not None:
        nobody = User(
            email=erased_address(judge.id), name=ERASED, password_hash="!", created_at=judge.invited_at, erased_at=now  # noqa: S106 - no password has this hash
        )  # fmt: skip
        db.session.add(nobody)
        db.session.flush()
        judge.user_id = nobody.id
    judge.name, judge.email, judge.affiliation = ERASED, erased_address(judge.id), ""
    db.session.execute(
        sa.update(Conflict).where(Conflict.judge_id == judge.id).values(reason=ERASED, declared_by_id=None)
    )
    db.session.execute(
        sa.update(ConflictReview)
        .where(ConflictReview.judge_id == judge.id)
        .values(reason=ERASED, grounds=[], decided_by_id=None)
    )
    if (profile := db.session.get(JudgeProfile, judge.id)) is not None:
        db.session.delete(profile)
    mine = sa.select(ScoreSheet.id).where(ScoreSheet.judge_id == judge.id)
    db.session.execute(
        sa.update(ScoreSheet).where(ScoreSheet.judge_id == judge.id).values(comments={}, comment="", note="")
    )
    for copy in db.session.scalars(sa.select(SignedSheetCopy).where(SignedSheetCopy.sheet_id.in_(mine))):
        copy.content = copy.content | {"comments": {}, "comment": "", "note": ""}
        copy.reason = ERASED
    db.session.flush()


keep(
    Keeper(
        "judging",
        {
            "judges": frozenset({"email", "name", "affiliation", "token_sha256"}),
            "conflicts": frozenset({"reason"}),
            "conflict_reviews": frozenset({"reason", "grounds"}),
            "score_sheets": frozenset({"comments", "comment", "note"}),
            "signed_sheet_copies": frozenset({"content", "reason"}),
            "bonuses": frozenset({"evidence"}),
            "round_entries": frozenset({"reason"}),
            "judge_profiles": frozenset({"keywords", "employer", "employer_number", "availability"}),
            "judge_ties": frozenset({"company", "business_number"}),
            "blind_choices": frozenset({"key", "text"}),
            "blind_copies": frozenset({"found", "sha256"}),
        },
        find,
        erase_challenge=erase_challenge,
    )
)
