"""The scoring rule of a round in sentences, for pages and minutes."""

from flask_babel import gettext as _

from app.challenges.models import Aggregate, Round, Trim
from app.challenges.rule_words import going_on_in_words, marks_in_words
from app.judging.official import CHAIR
from app.judging.rules.panel import local_text
from app.web.filters import points


def describe_rule(round_: Round) -> list[str]:
    """What is done with the sheets, in the order in which it is done."""
    most = points(sum((criterion.points for criterion in round_.criteria), start=round_.bonus_cap * 0))
    return [
        *marks_in_words(round_),
        *_aggregate(round_),
        _("A missing sheet or score is left out; it is never counted as 0."),
        *_bonus(round_),
        *_pass_mark(round_),
        _(
            "Scores are out of %(most)s, rounded half up once, to %(decimals)s decimal places.",
            most=most,
            decimals=round_.decimals,
        ),
        _("Scores that are equal as published are tied. Equal ranks skip the next number."),
        *_tie_break(round_),
        *going_on_in_words(round_),
    ]


def _aggregate(round_: Round) -> list[str]:
    if round_.aggregate is Aggregate.MEAN:
        return [_("The score is the mean of the totals of all signed sheets.")]
    if round_.aggregate is Aggregate.MEDIAN:
        return [_("The score is the median of the totals of all signed sheets.")]
    floor = max(round_.trim_floor, 3)
    if round_.trim is Trim.TOTALS:
        first = _("The score is the mean of the totals without exactly one highest and one lowest, even when equal.")
    else:
        first = _(
            "For each criterion the mean is taken without exactly one highest and one lowest score; "
            "the score is the sum of these."
        )
    return [first, _("With fewer than %(floor)s sheets nothing is left out.", floor=floor)]


def _bonus(round_: Round) -> list[str]:
    if not round_.bonus_cap:
        return [_("There are no bonus points.")]
    return [
        _("Bonus points are added after the mean, at most %(cap)s, each with evidence.", cap=points(round_.bonus_cap))
    ]


def _pass_mark(round_: Round) -> list[str]:
    if round_.pass_mark is None:
        return [_("There is no pass mark.")]
    mark = points(round_.pass_mark)
    if round_.pass_mark_sees_bonus:
        return [_("The pass mark is %(mark)s, with bonus points. Below it there is no rank.", mark=mark)]
    return [_("The pass mark is %(mark)s, before bonus points. Below it there is no rank.", mark=mark)]


def _tie_break(round_: Round) -> list[str]:
    titles = {criterion.code: local_text(criterion.title) for criterion in round_.criteria}
    names = [titles.get(code, code) for code in round_.tie_break if code != CHAIR]
    sentences = []
    if names:
        sentences.append(
            _("Ties are broken by the criteria's own scores, in this order: %(names)s.", names=", ".join(names))
        )
    if CHAIR in round_.tie_break:
        sentences.append(_("What is still tied the chair decides, with a reason."))
    return sentences or [_("Ties are not broken.")]
