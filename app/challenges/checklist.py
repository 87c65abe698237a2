"""What is still missing before a call can go out, each in a sentence with the section where it is mended."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from app.challenges import rules
from app.challenges.checks import CHAIR, Problems, check_schedule, check_tie_break
from app.challenges.form.checks import why_not_publish
from app.challenges.inputs import Schedule, Step
from app.challenges.models import Challenge, Round
from app.challenges.rules import Missing
from app.challenges.states import Section
from app.core.bilingual import Bilingual
from app.web.filters import current_language, points, when

FULL_POINTS = 100


def missing_for_publication(challenge: Challenge, now: datetime) -> list[Missing]:
    """All that keeps `challenge` from going out at `now`, in the order of the editor's sections."""
    return [
        *_basics(challenge), *_schedule(challenge, now), *_themes(challenge), *_eligibility(challenge), *_form(challenge), *_rubric(challenge), *_prizes(challenge),
        *(Missing(None, sentence) for sentence in rules.reviews_outstanding(challenge)),
    ]  # fmt: skip


def _both(section: Section, text: Bilingual, what: str) -> Iterable[Missing]:
    if not text.ko:
        yield Missing(section, _("%(what)s: the Korean text is missing.", what=what))
    if not text.en:
        yield Missing(section, _("%(what)s: the English text is missing.", what=what))


def _name(text: Bilingual) -> str:
    return text.in_language(current_language())


def _basics(challenge: Challenge) -> Iterable[Missing]:
    yield from _both(Section.BASICS, challenge.title, _("Title"))
    yield from _both(Section.BASICS, challenge.summary, _("Summary"))


def _schedule(challenge: Challenge, now: datetime) -> Iterable[Missing]:
    if rules.is_past_close(challenge, now):
        yield Missing(
            Section.SCHEDULE, _("The close on %(when)s is over.", when=when(challenge.closes_at, challenge.timezone))
        )
    steps = [Step(m.kind, m.starts_at, m.ends_at) for m in challenge.milestones]
    for problem in check_schedule(Schedule(challenge.opens_at, challenge.closes_at, steps), challenge, now):
        yield Missing(Section.SCHEDULE, _("Schedule: %(problem)s", problem=problem.sentence))


def _themes(challenge: Challenge) -> Iterable[Missing]:
    if not challenge.themes:
        yield Missing(Section.THEMES, _("At least one theme with its sponsor is needed."))
    for theme in challenge.themes:
        yield from _both(Section.THEMES, theme.title, _("Theme %(code)s", code=theme.code))
        if theme.winners == 0:
            yield Missing(Section.THEMES, _("Theme %(code)s has no winners to be selected.", code=theme.code))


def _eligibility(challenge: Challenge) -> Iterable[Missing]:
    for text, what in (
        (challenge.region, _("Region")),
        (challenge.exclusions, _("Exclusions")),
        (challenge.terms, _("Terms")),
    ):
        if text.ko or text.en:
            yield from _both(Section.TERMS if text is challenge.terms else Section.ELIGIBILITY, text, what)


def _form(challenge: Challenge) -> Iterable[Missing]:
    """What the application form lacks, each with the question that it is about."""
    form = challenge.form
    for problem in why_not_publish(form, [theme.code for theme in challenge.themes]):
        question = form.question(problem.question)
        section = next((s for s in form.sections if s.code == problem.section), None)
        name = question.label if question else section.title if section else None
        text = _("“%(name)s”: %(problem)s", name=_name(name), problem=problem.sentence) if name else problem.sentence
        yield Missing(Section.FORM, text)


def _rubric(challenge: Challenge) -> Iterable[Missing]:
    if not challenge.rounds:
        yield Missing(Section.RUBRIC, _("The rubric with its scoring rule is missing."))
    for round_ in challenge.rounds:
        yield from _round(challenge, round_)


def _round(challenge: Challenge, round_: Round) -> Iterable[Missing]:
    total = sum(criterion.points for criterion in round_.criteria)
    if total != FULL_POINTS:
        sentence = _(
            "The points of the criteria add up to %(total)s; they have to make exactly 100.",
            total=points(total or None) if total else "0",
        )
        yield Missing(Section.RUBRIC, sentence)
    yield from _both(Section.RUBRIC, round_.title, _("Name of the round"))
    for criterion in round_.criteria:
        yield from _both(Section.RUBRIC, criterion.title, _("Criterion “%(name)s”", name=_name(criterion.title)))
    if round_.starts_at < challenge.closes_at:
        close = when(challenge.closes_at, challenge.timezone)
        yield Missing(Section.RUBRIC, _("The round begins after applications close on %(when)s.", when=close))
    found = Problems()
    check_tie_break(found, round_.tie_break, [c.code for c in round_.criteria])
    yield from (Missing(Section.RUBRIC, problem.sentence) for problem in found)
    if not round_.tie_break:
        yield Missing(Section.RUBRIC, _("Say how a tie is broken, at least by the chair's decision."))
    if round_.trim_floor > round_.sheets_per_entry and round_.aggregate.value == "trimmed_mean":
        sentence = _(
            "With %(sheets)d sheets for each entry, fewer than %(floor)d, nothing would ever be trimmed.",
            sheets=round_.sheets_per_entry,
            floor=round_.trim_floor,
        )
        yield Missing(Section.RUBRIC, sentence)


def _prizes(challenge: Challenge) -> Iterable[Missing]:
    for prize in challenge.prizes:
        yield from _both(Section.PRIZES, prize.title, _("Prize “%(name)s”", name=_name(prize.title)))


__all__ = ["CHAIR", "FULL_POINTS", "missing_for_publication"]
