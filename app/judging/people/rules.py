"""What a judge's profile may say, who may write it, and who may word or sign the pledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.rules import is_organizer_of
from app.core.bilingual import Bilingual
from app.core.business_number import is_business_number
from app.judging.models import Judge
from app.judging.people.states import Familiarity, TieKind
from app.judging.rules import BEFORE_THE_END, why_not_invite, why_not_text
from app.judging.states import JudgeState

KEYWORDS_MOST, KEYWORD_LIMIT = 20, 40
TIES_MOST = 20
EMPLOYER_LIMIT, COMPANY_LIMIT, AVAILABILITY_LIMIT = 150, 120, 300
PLEDGE_LIMIT = 5000
CAP_MOST = 999

Fault = tuple[str, str]  # the field and the sentence


@dataclass(frozen=True)
class TieDraft:
    """One line of the ties, as typed; `number` in digits or ""."""

    company: str
    number: str
    kind: TieKind
    until: int | None = None
    place: int = 0  # which line of the form it is


@dataclass(frozen=True)
class ProfileDraft:
    """A whole profile as it is to stand."""

    levels: Mapping[UUID, Familiarity] = field(default_factory=dict)  # theme id ->
    keywords: Sequence[str] = ()
    employer: str = ""
    employer_number: str = ""
    cap: int | None = None
    away: frozenset[UUID] = frozenset()  # rounds without time
    availability: str = ""
    ties: Sequence[TieDraft] = ()


def why_not_edit_profile(judge: Judge, actor: User) -> str | None:
    """The judge writes it, or the organizer's staff for them."""
    own = judge.user_id == actor.id and judge.state is JudgeState.ACCEPTED
    if not own and not is_organizer_of(actor, judge.challenge):
        return _("Only the judge and the organizer's staff can change this profile.")
    if judge.challenge.state not in BEFORE_THE_END:
        return _("Judging is over.")
    return None


def faults_of(draft: ProfileDraft) -> list[Fault]:
    """What has to be mended before the profile can be kept."""
    faults: list[Fault] = []
    if len(draft.keywords) > KEYWORDS_MOST:
        faults.append(
            (
                "keywords",
                _("At most %(limit)s keywords; these are %(count)s.", limit=KEYWORDS_MOST, count=len(draft.keywords)),
            )
        )
    faults += [
        ("keywords", _("A keyword has at most %(limit)s characters: %(word)s…", limit=KEYWORD_LIMIT, word=word[:20]))
        for word in draft.keywords
        if len(word) > KEYWORD_LIMIT
    ]
    limited = [("employer", draft.employer, EMPLOYER_LIMIT), ("availability", draft.availability, AVAILABILITY_LIMIT)]
    limited += [(f"tie-{tie.place}-company", tie.company, COMPANY_LIMIT) for tie in draft.ties]
    faults += [(name, reason) for name, text, limit in limited if (reason := why_not_text(text, limit))]
    numbers = [("employer_number", draft.employer_number)]
    numbers += [(f"tie-{tie.place}-number", tie.number) for tie in draft.ties]
    faults += [(name, number_refusal(number)) for name, number in numbers if number and not is_business_number(number)]
    if draft.cap is not None and not 1 <= draft.cap <= CAP_MOST:
        faults.append(("cap", _("Enter a number from 1 to %(most)s, or leave it empty.", most=CAP_MOST)))
    for tie in draft.ties:
        if not tie.company and not tie.number:
            faults.append(
                (f"tie-{tie.place}-company", _("Name the company, or give its business registration number."))
            )
        if tie.until is not None and not 1950 <= tie.until <= 2200:
            faults.append((f"tie-{tie.place}-until", _("Enter a year of four digits, such as 2019.")))
    if len(draft.ties) > TIES_MOST:
        faults.append(("form", _("At most %(limit)s companies can be listed.", limit=TIES_MOST)))
    return faults


def number_refusal(number: str) -> str:
    return _(
        "%(number)s is no business registration number: ten digits, of which the last checks the others.",
        number=number[:20],
    )


def why_not_word_pledge(challenge: Challenge, actor: User | None) -> str | None:
    return why_not_invite(challenge, actor)


def pledge_fault(text: Bilingual) -> Fault | None:
    if not text.ko.strip() and not text.en.strip():
        return "text_ko", _("The pledge has to say something, in one of the languages at least.")
    for name, words in (("text_ko", text.ko), ("text_en", text.en)):
        if reason := why_not_text(words, PLEDGE_LIMIT):
            return name, reason
    return None


def why_not_sign_pledge(judge: Judge, actor: User) -> str | None:
    if judge.user_id != actor.id or judge.state is not JudgeState.ACCEPTED:
        return _("Only a judge who has accepted can sign the pledge.")
    return None
