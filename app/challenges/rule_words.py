"""The scoring rule of a round in sentences, as the call publishes it."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.challenges.labels import scale_label
from app.challenges.models import Aggregate, Criterion, Round, Trim
from app.challenges.states import GateRule, GoesOn, Scale
from app.core.bilingual import Bilingual
from app.web.filters import current_language, points


def rule_in_words(round_: Round) -> list[str]:
    """How the sheets become one score, what it has to reach, and how a tie is broken."""
    sheets = ngettext("%(num)d judge scores each entry.", "%(num)d judges score each entry.", round_.sheets_per_entry)
    return [
        sheets, *marks_in_words(round_), *_aggregate(round_), _pass_mark(round_), _bonus(round_), _rounding(round_), _tie_break(round_),
        *going_on_in_words(round_),
    ]  # fmt: skip


def marks_in_words(round_: Round) -> list[str]:
    """What the marks of scales count, what becomes of the optional, and when a gate is failed; nothing for plain points."""
    said = [_("The judges do not learn whose entry they score.")] if round_.blind else []
    scored = [c for c in round_.criteria if c.scale is not Scale.GATE]
    if any(c.scale is not Scale.POINTS for c in scored):
        said.append(
            _("A mark on a scale counts as its share of the criterion's points: 4 of 5 counts four fifths of them.")
        )
    if any(c.optional for c in scored):
        said.append(
            _(
                "A criterion that is optional and left out never counts as 0: "
                "the rest is scaled up to the full points, exactly."
            )
        )
    for gate in (c for c in round_.criteria if c.scale is Scale.GATE):
        name = gate.title.in_language(current_language())
        said.append(
            _("An entry does not pass when one judge answers no to “%(gate)s”.", gate=name)
            if gate.gate_rule is GateRule.ANY
            else _("An entry does not pass when more than half of its judges answer no to “%(gate)s”.", gate=name)
        )
    return said


def mark_facts(criterion: Criterion) -> list[str]:
    """How a criterion is marked, in a few words; nothing for one of plain points."""
    facts = [] if criterion.scale is Scale.POINTS else [scale_label(criterion.scale)]
    return [*facts, _("optional")] if criterion.optional else facts


def anchors_of(criterion: Criterion) -> list[tuple[str, str]]:
    """The marks that have a text, the lowest first."""
    texts = {
        mark: Bilingual.from_dict(text).in_language(current_language()) for mark, text in criterion.anchors.items()
    }
    return sorted(((mark, text) for mark, text in texts.items() if text), key=lambda pair: Decimal(pair[0]))


def going_on_in_words(round_: Round) -> list[str]:
    """Who comes into the next round; nothing for the last one."""
    number = round_.goes_on_number or 0
    if round_.goes_on is None:
        return []
    if round_.goes_on is GoesOn.PASSED:
        return [_("All entries that pass go on to the next round.")]
    if round_.goes_on is GoesOn.HAND:
        return [_("The committee chooses who goes on to the next round, with a reason for each.")]
    first = (
        ngettext(
            "The best %(num)d entry goes on to the next round.", "The best %(num)d entries go on to the next round.", number
        )
        if round_.goes_on is GoesOn.TOP
        else ngettext(
            "The best %(num)d entry of each theme goes on to the next round.",
            "The best %(num)d entries of each theme go on to the next round.",
            number,
        )
    )  # fmt: skip
    return [
        first,
        _("Whoever shares the last of these places goes on as well; the committee departs from it only with a reason."),
    ]


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
