"""When conflicts are suggested, who settles them, and the sentence for each ground."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from app.accounts.models import User
from app.applications.states import ApplicationState
from app.challenges.models import Challenge
from app.challenges.states import ChallengeState
from app.core.business_number import format_business_number
from app.judging.conflicts.states import Ground
from app.judging.models import Conflict, Judge, ScoreSheet
from app.judging.rules import BEFORE_THE_END, why_not_organize
from app.judging.states import JudgeState, SheetState

# Before the close the applicants are not all known, and may be sealed.
SETTLED_IN = frozenset({ChallengeState.CLOSED, ChallengeState.JUDGING})
HANDED_IN = (ApplicationState.SUBMITTED, ApplicationState.CORRECTION, ApplicationState.ELIGIBLE)


def why_not_settle(challenge: Challenge, actor: User | None) -> str | None:
    """Why `actor` cannot record, confirm, dismiss, pin or lift conflicts now."""
    if reason := why_not_organize(challenge, actor):
        return reason
    if challenge.state in BEFORE_THE_END - SETTLED_IN:
        return _("Conflicts are settled after applications close, when all applicants are known.")
    if challenge.state not in SETTLED_IN:
        return _("Judging is over.")
    return None


def why_not_on_oneself(judge: Judge, actor: User) -> str | None:
    """Nobody decides on a suspicion against themselves."""
    if judge.user_id == actor.id:
        return _("This is about you; somebody else of the staff has to decide it.")
    return None


def why_not_over_sheets(judge: Judge, sheets: Collection[ScoreSheet]) -> str | None:
    if any(sheet.state is SheetState.SIGNED for sheet in sheets):
        return _(
            "%(name)s has signed a sheet for this application. Reopen it first; then the conflict can be recorded.",
            name=judge.name,
        )
    return None


def why_not_take_back(conflict: Conflict, judge: Judge, actor: User) -> str | None:
    """A judge takes back what they declared by mistake, unless the organizer pinned it, or somebody else found it."""
    if judge.user_id != actor.id or judge.state is not JudgeState.ACCEPTED or conflict.declared_by_id != actor.id:
        return _("Only the judge who declared this conflict can take it back.")
    if conflict.pinned:
        return _("The organizer has pinned this conflict; it stays.")
    if judge.challenge.state not in SETTLED_IN:
        return _("Judging is over.")
    return None


def sentence_of(ground: Ground, words: str, *, judge: str, company: str) -> str:
    """What a suggestion rests on, for the person who decides."""
    if ground is Ground.EMPLOYER_NUMBER:
        number = format_business_number(words)
        return _(
            "The employer's registration number %(number)s is that of %(company)s.", number=number, company=company
        )
    if ground is Ground.TIE_NUMBER:
        number = format_business_number(words)
        return _(
            "%(judge)s names a tie to the company %(number)s, which is %(company)s.",
            judge=judge,
            number=number,
            company=company,
        )
    if ground is Ground.EMPLOYER_NAME:
        return _("The employer “%(employer)s” bears the name of %(company)s.", employer=words, company=company)
    if ground is Ground.TIE_NAME:
        return _("%(judge)s names a tie to “%(tie)s”, like %(company)s.", judge=judge, tie=words, company=company)
    if ground is Ground.DOMAIN:
        return _("%(judge)s and %(company)s use addresses of %(domain)s.", judge=judge, company=company, domain=words)
    return _("Somebody of %(company)s is called %(name)s, too.", company=company, name=words)


def sentences_of(grounds: Mapping[Ground, str], *, judge: str, company: str) -> list[str]:
    return [sentence_of(ground, words, judge=judge, company=company) for ground, words in grounds.items()]
