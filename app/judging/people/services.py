"""Keeping a judge's profile, wording the pledge, and signing it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Challenge, Round, Theme
from app.core.audit.trail import record
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.judging.models import Judge
from app.judging.people import rules
from app.judging.people.models import Absence, JudgeProfile, JudgeTie, Pledge, PledgeSignature, ThemeLevel
from app.judging.people.queries import get_profile, newest_pledge, standard_pledge
from app.mail.services import queue_mail


def save_profile(
    judge: Judge, draft: rules.ProfileDraft, *, version: int | None = None, actor: User, now: datetime
) -> JudgeProfile:
    """Keep the profile as a whole. Raises StaleEdit when it was saved since `version` was read (0: there was none), RuleBroken."""
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    if reason := rules.why_not_edit_profile(judge, actor):
        raise RuleBroken(reason)
    for name, sentence in rules.faults_of(draft):
        raise RuleBroken(sentence, field=name)
    profile = get_profile(judge)
    standing = profile.version if profile else 0
    if version is not None and version != standing:
        raise StaleEdit(standing)
    if profile is None:
        profile = JudgeProfile(judge_id=judge.id, saved_at=now, version=0)
        db.session.add(profile)
    profile.keywords = list(draft.keywords)
    profile.employer, profile.employer_number = draft.employer, draft.employer_number or None
    profile.cap, profile.availability = draft.cap, draft.availability
    profile.version, profile.saved_at, profile.saved_by_id = standing + 1, now, actor.id
    _write_parts(profile, judge, draft)
    record(
        "judging.save_profile", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"version": profile.version, "cap": draft.cap, "away": sorted(map(str, draft.away)), "ties": len(draft.ties)},
    )  # fmt: skip
    return profile


def _write_parts(profile: JudgeProfile, judge: Judge, draft: rules.ProfileDraft) -> None:
    """Rows of themes and rounds that are this challenge's; the ties anew, in their order."""
    themes = set(db.session.scalars(sa.select(Theme.id).where(Theme.challenge_id == judge.challenge_id)))
    rounds = set(db.session.scalars(sa.select(Round.id).where(Round.challenge_id == judge.challenge_id)))
    wanted = {theme_id: level for theme_id, level in draft.levels.items() if theme_id in themes}
    for row in list(profile.levels):
        if (level := wanted.pop(row.theme_id, None)) is None:
            profile.levels.remove(row)
        else:
            row.level = level
    profile.levels += [ThemeLevel(theme_id=theme_id, level=level) for theme_id, level in wanted.items()]
    away = set(draft.away & rounds)
    for absence in list(profile.absences):
        if absence.round_id in away:
            away.discard(absence.round_id)
        else:
            profile.absences.remove(absence)
    profile.absences += [Absence(round_id=round_id) for round_id in sorted(away)]
    profile.ties = [
        JudgeTie(position=i, company=tie.company, business_number=tie.number or None, kind=tie.kind, until=tie.until)
        for i, tie in enumerate(draft.ties)
    ]


def word_pledge(challenge: Challenge, text: Bilingual, *, actor: User, now: datetime) -> Pledge:
    """Put another version of the pledge in force; judges who signed an earlier one are asked by mail to sign it. Raises RuleBroken."""
    db.session.refresh(challenge, ["state"], with_for_update=True)  # one version at a time
    if reason := rules.why_not_word_pledge(challenge, actor):
        raise RuleBroken(reason)
    text = Bilingual(*(_lines(words) for words in (text.ko, text.en)))
    if fault := rules.pledge_fault(text):
        raise RuleBroken(fault[1], field=fault[0])
    newest = newest_pledge(challenge.id)
    if text == (newest.text if newest else standard_pledge()):
        raise RuleBroken(_("Nothing was changed; the version in force says the same."))
    pledge = _add_version(challenge, (newest.number if newest else 0) + 1, text, actor=actor, now=now)
    record(
        "judging.word_pledge", subject=pledge, actor=actor, now=now, challenge_id=challenge.id,
        details={"number": pledge.number, "text": text.as_dict()},
    )  # fmt: skip
    signed = sa.exists().where(PledgeSignature.judge_id == Judge.id)
    query = sa.select(Judge).where(Judge.challenge_id == challenge.id, Judge.state == "accepted", signed)
    for judge in db.session.scalars(query.options(sa.orm.selectinload(Judge.user)).order_by(Judge.id)):
        if judge.user is not None:
            queue_mail(
                judge.user.email, "judging/pledge_changed", language=judge.user.language, now=now, challenge_id=challenge.id,
                name=judge.name, challenge=challenge,
            )  # fmt: skip
    return pledge


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _add_version(challenge: Challenge, number: int, text: Bilingual, *, actor: User, now: datetime) -> Pledge:
    pledge = Pledge(challenge_id=challenge.id, number=number, text=text, made_at=now)
    # The usual words are nobody's in particular.
    pledge.made_by_id = actor.id if number > 1 or text != standard_pledge() else None
    db.session.add(pledge)
    db.session.flush()
    return pledge


def pledge_sha256(text: Bilingual) -> str:
    """By which a page says which words it showed."""
    return canonical_sha256(text.as_dict())


def keep_signature(judge: Judge, *, shown_sha256: str | None, actor: User, now: datetime) -> Pledge:
    """The judge's word on the version in force, the usual words becoming the first. Raises RuleBroken when others were shown."""
    db.session.refresh(judge.challenge, ["state"], with_for_update=True)  # no other version meanwhile
    pledge = newest_pledge(judge.challenge_id)
    text = pledge.text if pledge else standard_pledge()
    if shown_sha256 is not None and shown_sha256 != pledge_sha256(text):
        raise RuleBroken(
            _("The pledge has been changed since you opened this page. Please read it again."), field="pledge"
        )
    pledge = pledge or _add_version(judge.challenge, 1, text, actor=actor, now=now)
    db.session.add(PledgeSignature(judge_id=judge.id, pledge_id=pledge.id, signed_at=now))
    return pledge


def sign_pledge(judge: Judge, *, shown_sha256: str, actor: User, now: datetime) -> None:
    """A judge who signed an earlier version signs the one in force. Raises RuleBroken."""
    db.session.refresh(judge, ["state", "user_id"], with_for_update=True)
    if reason := rules.why_not_sign_pledge(judge, actor):
        raise RuleBroken(reason)
    pledge = keep_signature(judge, shown_sha256=shown_sha256, actor=actor, now=now)
    judge.pledged_at = now
    record(
        "judging.sign_pledge", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"number": pledge.number},
    )  # fmt: skip
