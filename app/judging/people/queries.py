"""Profiles and pledges as judges and organizers see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.bilingual import Bilingual
from app.core.database import db
from app.judging.models import Judge
from app.judging.people.models import JudgeProfile, Pledge, PledgeSignature
from app.judging.people.states import Familiarity
from app.judging.states import JudgeState


def get_profile(judge: Judge) -> JudgeProfile | None:
    return db.session.get(JudgeProfile, judge.id)


def get_earlier_profile(judge: Judge) -> JudgeProfile | None:
    """The profile that the same person kept last in another challenge, to begin with."""
    if judge.user_id is None:
        return None
    query = (
        sa.select(JudgeProfile)
        .join(Judge, Judge.id == JudgeProfile.judge_id)
        .where(Judge.user_id == judge.user_id, Judge.id != judge.id)
        .order_by(JudgeProfile.saved_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


@dataclass(frozen=True)
class ProfileLine:
    """A profile on the list of judges."""

    expert_in: list[UUID]  # theme ids
    cap: int | None
    away: frozenset[UUID]  # round ids
    keywords: int
    ties: int


def list_profiles(challenge_id: UUID) -> dict[UUID, ProfileLine]:
    """Judge id -> profile. Four statements, however many there are."""
    query = sa.select(JudgeProfile).join(Judge, Judge.id == JudgeProfile.judge_id)
    return {
        profile.judge_id: ProfileLine(
            [level.theme_id for level in profile.levels if level.level is Familiarity.EXPERT],
            profile.cap,
            frozenset(absence.round_id for absence in profile.absences),
            len(profile.keywords),
            len(profile.ties),
        )
        for profile in db.session.scalars(query.where(Judge.challenge_id == challenge_id))
    }


def standard_pledge() -> Bilingual:
    """What judges pledge where the organizer says nothing else."""
    texts = {}
    for language in ("ko", "en"):
        with force_locale(language):
            sentences = (
                _("I judge by the published rubric alone, independently, and by my own view."),
                _(
                    "I keep confidential what I read, and use it for nothing but this judging; I keep no copies after it."
                ),
                _(
                    "I declare every conflict of interest before I read an entry, and step back where one appears later."
                ),
                _("I tell nobody my scores or those of others before the results are published."),
            )
            texts[language] = "\n".join(sentences)
    return Bilingual.from_dict(texts)


def newest_pledge(challenge_id: UUID) -> Pledge | None:
    query = sa.select(Pledge).where(Pledge.challenge_id == challenge_id)
    return db.session.scalar(query.order_by(Pledge.number.desc()).limit(1))


def pledge_text(challenge: Challenge) -> Bilingual:
    """The pledge in force: the newest version, or the usual words before there is one."""
    newest = newest_pledge(challenge.id)
    return newest.text if newest else standard_pledge()


@dataclass(frozen=True)
class PledgeLine:
    """A version of the pledge, and how many judges stand by it as their last."""

    number: int
    text: Bilingual
    made_at: datetime
    made_by: str | None
    signed: int


def signed_versions(challenge_id: UUID) -> dict[UUID, int]:
    """Judge id -> the number of the newest version that this judge has signed."""
    query = (
        sa.select(PledgeSignature.judge_id, sa.func.max(Pledge.number))
        .join(Pledge, Pledge.id == PledgeSignature.pledge_id)
        .join(Judge, Judge.id == PledgeSignature.judge_id)
        .where(Pledge.challenge_id == challenge_id, Judge.state == JudgeState.ACCEPTED)
        .group_by(PledgeSignature.judge_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def list_pledges(challenge_id: UUID) -> list[PledgeLine]:
    """All versions, the newest first."""
    signed = list(signed_versions(challenge_id).values())
    query = (
        sa.select(Pledge, User.name)
        .outerjoin(User, User.id == Pledge.made_by_id)
        .where(Pledge.challenge_id == challenge_id)
        .order_by(Pledge.number.desc())
    )
    return [
        PledgeLine(p.number, p.text, p.made_at, name, signed.count(p.number)) for p, name in db.session.execute(query)
    ]


@dataclass(frozen=True)
class PledgeAsked:
    """The pledge as one judge meets it: the version in force, and the one that this judge signed last."""

    number: int
    text: Bilingual
    signed_number: int | None
    signed_text: Bilingual | None
    signed_at: datetime | None

    @property
    def due(self) -> bool:
        """Whether a newer version waits for the judge's word."""
        return self.number > (self.signed_number or 0) > 0


def pledge_asked(judge: Judge) -> PledgeAsked:
    newest = newest_pledge(judge.challenge_id)
    query = (
        sa.select(Pledge, PledgeSignature.signed_at)
        .join(PledgeSignature, PledgeSignature.pledge_id == Pledge.id)
        .where(PledgeSignature.judge_id == judge.id)
        .order_by(Pledge.number.desc(), PledgeSignature.signed_at.desc())
        .limit(1)
    )
    row: Any = db.session.execute(query).first()
    signed, at = (row[0], row[1]) if row else (None, None)
    return PledgeAsked(
        newest.number if newest else 0,
        newest.text if newest else standard_pledge(),
        signed.number if signed else None,
        signed.text if signed else None,
        at,
    )


def is_pledge_due(judge: Judge) -> bool:
    """Whether a version newer than the one that the judge signed waits for the judge's word. One statement."""
    signed = (
        sa.select(sa.func.max(Pledge.number))
        .join(PledgeSignature, PledgeSignature.pledge_id == Pledge.id)
        .where(PledgeSignature.judge_id == judge.id)
        .scalar_subquery()
    )
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(Pledge.challenge_id == judge.challenge_id, Pledge.number > signed))
        )
    )
