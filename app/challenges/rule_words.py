"""The scoring rule of a round in sentences, as the call publishes it."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.challenges.models import Aggregate, Round, Trim
from app.web.filters import current_language, points


def rule_in_words(round_: Round) -> list[str]:
    """How the sheets become one score, what it has to reach, and how a tie is broken."""
    sheets = ngettext("%(num)d judge scores each entry.", "%(num)d judges score each entry.", round_.sheets_per_entry)
    return [sheets, *_aggregate(round_), _pass_mark(round_), _bonus(round_), _rounding(round_), _tie_break(round_)]


def _aggregate(round_: Round) -> list[str]:
    if round_.aggregate is Aggregate.MEAN:
        return [_("The score is the mean of the judges' totals. A sheet that is missing does not count as nought.")]
    if round_.aggregate is Aggregate.MEDIAN:
        return [_("The score is the median of the judges' totals. A sheet that is missing does not count as nought.")]
    first = (
        _("The score is the mean of the judges' totals without one highest and one lowest.")
        if round_.trim is Trim.TOTALS
        else _("For each criterion, one highest and one lowest score are left out; the means of the rest are added up.")
    )
    return [first, _("With fewer than %(floor)d sheets for an entry, none is left out.", floor=round_.trim_floor)]


def _pass_mark(round_: Round) -> str:
    if round_.pass_mark is None:
        return _("There is no pass mark.")
    mark = points(round_.pass_mark)
    if round_.pass_mark_sees_bonus:
        return _("An entry passes with at least %(mark)s points, bonus points included.", mark=mark)
    return _("An entry passes with at least %(mark)s points before bonus points.", mark=mark)


def _bonus(round_: Round) -> str:
    if not round_.bonus_cap:
        return _("There are no bonus points.")
    return _("Bonus points need evidence and are added after the mean, at most %(cap)s.", cap=points(round_.bonus_cap))


def _rounding(round_: Round) -> str:
    return ngettext(
        "The score is rounded half up, once, to %(num)d decimal place.",
        "The score is rounded half up, once, to %(num)d decimal places.",
        round_.decimals,
    )


def _tie_break(round_: Round) -> str:
    titles = {c.code: c.title.in_language(current_language()) for c in round_.criteria}
    titles["chair"] = _("the chair's decision with a reason")
    chain = " → ".join(titles.get(code, code) for code in round_.tie_break)
    return _("A tie is broken by: %(chain)s. The order of receipt never counts.", chain=chain)
