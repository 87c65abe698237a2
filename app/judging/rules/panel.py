"""Who may invite, answer, declare, start and assign, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.applications.models import Application
from app.applications.states import ApplicationState
from app.challenges.models import Challenge, Round
from app.challenges.rules import is_organizer_of
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.judging.models import Judge, ScoreSheet
from app.judging.states import JudgeState, SheetState
from app.web.filters import current_language, when

INVITATION_VALID = timedelta(days=30)
COMMENT_LIMIT = 2000  # characters, for the applicant and for the committee
CRITERION_COMMENT_LIMIT = 1000
REASON_LIMIT = 500
BEFORE_THE_END = frozenset(
    {
        ChallengeState.DRAFT,
        ChallengeState.SPONSOR_REVIEW,
        ChallengeState.PUBLISHED,
        ChallengeState.CLOSED,
        ChallengeState.JUDGING,
    }
)
READABLE = (
    ChallengeState.JUDGING,
    ChallengeState.DECIDED,
    ChallengeState.RESULTS_OUT,
)  # when a judge may read what is theirs


def local_text(text: Bilingual) -> str:
    return text.in_language(current_language())


def why_not_organize(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot change anything in the judging of `challenge`."""
    if not is_organizer_of(actor, challenge):
        return _("Only the organizer's staff can do this.")
    return None


def why_not_while_judging(challenge: Challenge) -> str | None:
    """Why nothing about sheets and scores can change now."""
    if challenge.state in (ChallengeState.DECIDED, ChallengeState.RESULTS_OUT, ChallengeState.ARCHIVED):
        return _("The decision is made; score sheets can only be read.")
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if challenge.state is not ChallengeState.JUDGING:
        return _("Judging has not started.")
    return None


def why_not_invite(challenge: Challenge, actor: User | None) -> str | None:
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state not in BEFORE_THE_END:
        return _("Judging is over; no more judges can be invited.")
    return None


def why_not_invite_again(judge: Judge, actor: User | None) -> str | None:
    if reason := why_not_invite(judge.challenge, actor):
        return reason
    if judge.state is JudgeState.ACCEPTED:
        return _("%(name)s has accepted already.", name=judge.name)
    return None


def why_not_remove_judge(judge: Judge, actor: User | None) -> str | None:
    if reason := why_not_invite(judge.challenge, actor):
        return reason
    if not judge.state.can_become(JudgeState.REMOVED):
        return _("%(name)s is not among the judges.", name=judge.name)
    return None


def why_not_answer_invitation(judge: Judge, now: datetime) -> str | None:
    """Why nobody can accept or decline this invitation any more."""
    if judge.state is JudgeState.ACCEPTED:
        return _("This invitation has been accepted already.")
    if judge.state is not JudgeState.INVITED:
        return _("This invitation no longer stands. Please ask the organizer.")
    if judge.challenge.state not in BEFORE_THE_END:
        return _("Judging is over.")
    if now > judge.invited_at + INVITATION_VALID:
        expired_at = when(judge.invited_at + INVITATION_VALID, judge.challenge.timezone)
        return _("This invitation ended on %(when)s. Please ask the organizer for a new one.", when=expired_at)
    return None


def why_not_accept(judge: Judge, actor: User, now: datetime) -> str | None:
    if reason := why_not_answer_invitation(judge, now):
        return reason
    if actor.email != judge.email:
        return _("This invitation is for %(email)s. You are signed in as %(own)s.", email=judge.email, own=actor.email)
    return None


def why_not_declare(judge: Judge, actor: User) -> str | None:
    """Why conflicts cannot be declared now: before the close, not all applicants are known."""
    if judge.user_id != actor.id or judge.state is not JudgeState.ACCEPTED:
        return _("Only a judge who has accepted can declare conflicts.")
    if judge.challenge.state in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW, ChallengeState.PUBLISHED):
        closes_at = when(judge.challenge.closes_at, judge.challenge.timezone)
        return _(
            "Conflicts are declared after applications close on %(when)s, when all applicants are known.",
            when=closes_at,
        )
    if judge.challenge.state not in BEFORE_THE_END:
        return _("Judging is over.")
    return None


def why_not_conflict(sheets: Collection[ScoreSheet]) -> str | None:
    """Why a conflict cannot be added over `sheets`, those of this judge for this application."""
    if any(sheet.state is SheetState.SIGNED for sheet in sheets):
        return _(
            "You have signed a sheet for this application. Ask the organizer to reopen it; then you can recuse yourself."
        )
    return None


def _why_not_closed(challenge: Challenge, now: datetime) -> str | None:
    """Why the challenge is not where judging can start from."""
    if challenge.state in (ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW):
        return _("The call is not published yet.")
    if challenge.state is ChallengeState.CANCELLED:
        return _("This challenge was cancelled.")
    if challenge.state is ChallengeState.PUBLISHED:
        closes_at = when(challenge.closes_at, challenge.timezone)
        if now <= challenge.closes_at:
            return _("Applications are open until %(when)s.", when=closes_at)
        return _("Close the call first; its deadline was %(when)s.", when=closes_at)
    return None if challenge.state is ChallengeState.CLOSED else _("Judging has started already.")


def why_not_start(
    challenge: Challenge, *, unchecked: int, eligible: int, actor: User | None, now: datetime
) -> str | None:
    """Why judging cannot start; `unchecked` counts applications whose eligibility check has no end yet."""
    if reason := why_not_organize(challenge, actor) or _why_not_closed(challenge, now):
        return reason
    if unchecked:
        return ngettext(
            "%(num)d application waits for its eligibility check.",
            "%(num)d applications wait for their eligibility check.",
            unchecked,
        )
    if not eligible:
        return _("No application is eligible, so there is nothing to judge.")
    return None if challenge.rounds else _("The call has no rubric.")


def why_not_give_entries(judge: Judge) -> str | None:
    """Why `judge` cannot be given any entry yet."""
    if judge.state is not JudgeState.ACCEPTED:
        return _("%(name)s has not accepted the invitation.", name=judge.name)
    if judge.declared_at is None:
        return _("%(name)s has not declared conflicts yet.", name=judge.name)
    return None


def why_not_give_entry(
    judge: Judge, *, receipt_number: str | None, state: ApplicationState, in_conflict: bool
) -> str | None:
    """Why `judge` cannot be given the application with this number and state."""
    if state is not ApplicationState.ELIGIBLE:
        return _("Application %(number)s is not eligible.", number=receipt_number or "–")
    if in_conflict:
        return _(
            "%(name)s has a conflict of interest with application %(number)s.",
            name=judge.name,
            number=receipt_number or "–",
        )
    return None


def why_not_assign(
    round_: Round, judge: Judge, application: Application, *, in_conflict: bool, actor: User | None
) -> str | None:
    """Why `judge` cannot be given `application` in `round_`."""
    challenge = round_.challenge
    if reason := why_not_organize(challenge, actor) or why_not_while_judging(challenge):
        return reason
    if judge.challenge_id != challenge.id or application.challenge_id != challenge.id:
        return _("The judge and the application belong to another challenge.")
    return why_not_give_entries(judge) or why_not_give_entry(
        judge, receipt_number=application.receipt_number, state=application.state, in_conflict=in_conflict
    )


def why_not_unassign(sheet: ScoreSheet, actor: User | None) -> str | None:
    challenge = sheet.round.challenge
    if reason := why_not_organize(challenge, actor) or why_not_while_judging(challenge):
        return reason
    if sheet.state is SheetState.SIGNED:
        return _("%(name)s has signed this sheet; it stays.", name=sheet.judge.name)
    return None


def why_not_text(text: str, limit: int) -> str | None:
    """Why `text` is too long; a Hangul syllable counts as one character."""
    if len(text) > limit:
        return _("At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(text):,}")
    return None


def why_not_reason(reason: str, limit: int = REASON_LIMIT) -> str | None:
    """Why `reason` will not do where one has to be given for the trail."""
    if not reason.strip():
        return _("Give a reason; it is kept in the record.")
    return why_not_text(reason, limit)
