"""Inviting judges by mail, and what they answer."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.services import account_by_mailed_link
from app.challenges.models import Challenge
from app.core.audit.trail import record
from app.core.bilingual import DEFAULT_LANGUAGE
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import rules
from app.judging.models import Judge, ScoreSheet
from app.judging.people.services import keep_signature
from app.judging.queries.invitations import token_sha256
from app.judging.states import JudgeState, SheetState
from app.mail.services import queue_mail


def invite_judge(
    challenge: Challenge,
    *,
    email: str,
    name: str,
    affiliation: str = "",
    is_chair: bool = False,
    actor: User,
    now: datetime,
) -> tuple[Judge, str]:
    """Invite a person by mail to judge in `challenge`; returns the judge and the token of the link, good for 30 days.

    Somebody who declined or was removed is invited anew on the same row. Raises RuleBroken.
    """
    db.session.refresh(challenge, ["state"], with_for_update=True)  # one at a time: an address is invited once
    if reason := rules.why_not_invite(challenge, actor):
        raise RuleBroken(reason)
    email = email.strip().lower()
    judge = db.session.scalar(sa.select(Judge).where(Judge.challenge_id == challenge.id, Judge.email == email))
    if judge is not None and judge.state in (JudgeState.INVITED, JudgeState.ACCEPTED):
        raise RuleBroken(_("%(email)s has been invited already.", email=email), field="email")
    if judge is None:
        judge = Judge(challenge_id=challenge.id, email=email, token_sha256="", invited_at=now)
        judge.challenge = challenge
        db.session.add(judge)
    judge.name, judge.affiliation, judge.is_chair = name.strip(), affiliation.strip(), is_chair
    return judge, _send_invitation(judge, "judging.invite_judge", actor=actor, now=now)


def invite_judge_again(judge: Judge, *, actor: User, now: datetime) -> str:
    """Send a new link, good for another 30 days; the old one ends. Returns the token. Raises RuleBroken."""
    db.session.refresh(judge, ["state"], with_for_update=True)
    if reason := rules.why_not_invite_again(judge, actor):
        raise RuleBroken(reason)
    return _send_invitation(judge, "judging.invite_judge_again", actor=actor, now=now)


def _send_invitation(judge: Judge, action: str, *, actor: User, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    judge.token_sha256, judge.invited_at = token_sha256(token), now
    judge.state, judge.pledged_at, judge.declared_at = JudgeState.INVITED, None, None
    record(
        action, subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"is_chair": judge.is_chair}, personal={"email": judge.email, "name": judge.name},
    )  # fmt: skip
    language = db.session.scalar(sa.select(User.language).where(User.email == judge.email)) or DEFAULT_LANGUAGE
    queue_mail(
        judge.email, "judging/invitation", language=language, now=now, challenge_id=judge.challenge_id,
        name=judge.name, challenge=judge.challenge, is_chair=judge.is_chair, token=token, ends_at=now + rules.INVITATION_VALID,
    )  # fmt: skip
    return token


def accept_invitation(judge: Judge, *, actor: User, now: datetime, shown_sha256: str | None = None) -> None:
    """The invited person accepts, with the pledge of confidentiality and fairness in force.

    Raises RuleBroken, also where the pledge that was shown (`shown_sha256`) is not the one in force any more.
    """
    db.session.refresh(judge, ["state", "token_sha256"], with_for_update=True)
    if reason := rules.why_not_accept(judge, actor, now):
        raise RuleBroken(reason)
    other = sa.select(Judge.email).where(
        Judge.challenge_id == judge.challenge_id, Judge.user_id == actor.id, Judge.id != judge.id
    )
    if (email := db.session.scalar(other)) is not None:
        raise RuleBroken(_("You have been invited to this challenge as %(email)s already.", email=email))
    judge.state, judge.user_id, judge.pledged_at = JudgeState.ACCEPTED, actor.id, now
    pledge = keep_signature(judge, shown_sha256=shown_sha256, actor=actor, now=now)
    record(
        "judging.accept_invitation", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"pledge": pledge.number},
    )  # fmt: skip


def accept_as_new(
    judge: Judge, *, name: str, password: str, language: str, now: datetime, shown_sha256: str | None = None
) -> User:
    """Make the account that is missing, confirmed since the link was mailed to its address, and accept. Raises RuleBroken."""
    db.session.refresh(judge, ["state", "token_sha256"], with_for_update=True)  # two tabs make one account
    if reason := rules.why_not_answer_invitation(judge, now):
        raise RuleBroken(reason)
    user = account_by_mailed_link(email=judge.email, name=name, password=password, language=language, now=now)
    accept_invitation(judge, actor=user, now=now, shown_sha256=shown_sha256)
    return user


def decline_invitation(judge: Judge, *, actor: User | None, now: datetime) -> None:
    """The invited person declines; whoever holds the link may, signed in or not. Raises RuleBroken."""
    db.session.refresh(judge, ["state"], with_for_update=True)
    if reason := rules.why_not_answer_invitation(judge, now):
        raise RuleBroken(reason)
    judge.state = JudgeState.DECLINED
    record("judging.decline_invitation", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id)


def remove_judge(judge: Judge, *, actor: User, now: datetime) -> None:
    """Take a judge out: open sheets are withdrawn, signed ones stay and count. Raises RuleBroken."""
    db.session.refresh(judge, ["state"], with_for_update=True)
    if reason := rules.why_not_remove_judge(judge, actor):
        raise RuleBroken(reason)
    before = judge.state
    judge.state = JudgeState.REMOVED
    mine = sa.and_(ScoreSheet.judge_id == judge.id, ScoreSheet.state == SheetState.OPEN)
    withdrawn = db.session.scalar(sa.select(sa.func.count()).select_from(ScoreSheet).where(mine)) or 0
    db.session.execute(
        sa.update(ScoreSheet).where(mine).values(state=SheetState.WITHDRAWN),
        execution_options={"synchronize_session": "fetch"},
    )
    record(
        "judging.remove_judge", subject=judge, actor=actor, now=now, challenge_id=judge.challenge_id,
        details={"before": before.value, "withdrawn_sheets": withdrawn},
    )  # fmt: skip
