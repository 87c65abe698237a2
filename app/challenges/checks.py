"""What a section of a call may hold: pure answers, each naming the field to mend with its limit."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _

from app.accounts.profile.codes import Industry, Region
from app.challenges.inputs import (
    Basics,
    Eligibility,
    PrizeRow,
    Problem,
    Rubric,
    Schedule,
    Step,
    Terms,
    ThemeRow,
)
from app.challenges.labels import milestone_label
from app.challenges.models import Challenge
from app.challenges.retention import LEAST_YEARS, MOST_YEARS
from app.challenges.states import MilestoneKind
from app.core.bilingual import Bilingual
from app.web.filters import day, in_zone, points, when

LONG_TEXT = 20_000
MOST_ROWS = 40
MOST_WON = 10**13
CHAIR = "chair"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*")
# These follow one another without overlapping; the other steps (telling, ceremony, appeals, agreement) may share days.
ONE_AFTER_ANOTHER = (
    MilestoneKind.ELIGIBILITY_CHECK, MilestoneKind.DOCUMENT_REVIEW, MilestoneKind.PITCH, MilestoneKind.PUBLIC_REVIEW,
)  # fmt: skip


class Problems(list[Problem]):
    """The problems found so far."""

    def add(self, field: str, sentence: str) -> None:
        self.append(Problem(field, sentence))

    def text(self, field: str, text: str | Bilingual, limit: int) -> None:
        """`text` is no longer than `limit` characters, a Hangul syllable being one."""
        parts = {f"{field}_ko": text.ko, f"{field}_en": text.en} if isinstance(text, Bilingual) else {field: text}
        for name, part in parts.items():
            if len(part) > limit:
                self.add(
                    name,
                    _("At most %(limit)s characters; this has %(count)s.", limit=f"{limit:,}", count=f"{len(part):,}"),
                )
            if "\x00" in part:
                self.add(name, _("This text holds a character that cannot be stored."))

    def named(self, field: str, text: Bilingual, limit: int) -> None:
        """There is a title in at least one language, and it is not too long."""
        if not text.ko and not text.en:
            self.add(f"{field}_ko", _("Write it in at least one language."))
        self.text(field, text, limit)

    def between(self, field: str, value: Decimal | int | None, least: int, most: int) -> None:
        if value is not None and not least <= value <= most:
            self.add(
                field,
                _(
                    "Enter a number from %(least)s to %(most)s; %(value)s is not one.",
                    least=f"{least:,}",
                    most=f"{most:,}",
                    value=f"{value:,}",
                ),
            )

    def codes(self, codes: Sequence[str], limit: int) -> None:
        """Codes have their shape and each stands once."""
        for i, code in enumerate(codes):
            if len(code) > limit or not CODE.fullmatch(code):
                self.add(
                    f"rows-{i}-code",
                    _(
                        "Letters, digits and hyphens, at most %(limit)s; “%(code)s” is not that.",
                        limit=limit,
                        code=code[:60],
                    ),
                )
            elif code.lower() in {c.lower() for c in codes[:i]}:
                self.add(f"rows-{i}-code", _("“%(code)s” is used twice.", code=code))

    def not_too_many(self, rows: Sequence[object]) -> None:
        if len(rows) > MOST_ROWS:
            self.add("rows", _("At most %(limit)s rows; these are %(count)s.", limit=MOST_ROWS, count=len(rows)))


def check_basics(basics: Basics) -> Problems:
    found = Problems()
    found.named("title", basics.title, 150)
    found.text("summary", basics.summary, 400)
    found.text("description", basics.description, LONG_TEXT)
    if len(basics.slug) > 80 or not SLUG.fullmatch(basics.slug):
        found.add("slug", _("Small letters, digits and single hyphens, at most 80: “shinhan-fintech-2022”."))
    if len(basics.receipt_prefix) > 12 or not PREFIX.fullmatch(basics.receipt_prefix):
        found.add("receipt_prefix", _("Capital letters, digits and single hyphens, at most 12: “SF-2022”."))
    if basics.timezone not in available_timezones():
        found.add("timezone", _("“%(zone)s” is not a known time zone.", zone=basics.timezone[:40]))
    return found


def check_schedule(schedule: Schedule, challenge: Challenge, now: datetime) -> Problems:
    """The close after the opening and, where it is new, in the future; the steps after the close and in their order."""
    found = Problems()
    tz = challenge.timezone
    if schedule.closes_at <= schedule.opens_at:
        found.add("closes_at", _("The close comes after the opening on %(when)s.", when=when(schedule.opens_at, tz)))
    elif schedule.closes_at != challenge.closes_at and schedule.closes_at <= now:
        found.add(
            "closes_at", _("%(when)s is over. The close has to be in the future.", when=when(schedule.closes_at, tz))
        )
    if len({step.kind for step in schedule.steps}) != len(schedule.steps):
        found.add("steps", _("Each step can be used only once."))
    steps = sorted(schedule.steps, key=lambda step: list(MilestoneKind).index(step.kind))
    for i, step in enumerate(steps):
        _check_step(found, step, steps[:i], schedule.closes_at, tz)
    return found


def _check_step(found: Problems, step: Step, before: Sequence[Step], closes_at: datetime, tz: str) -> None:
    field = f"{step.kind.value}_starts"
    if step.ends_at < step.starts_at:
        found.add(f"{step.kind.value}_ends", _("It ends before it begins on %(day)s.", day=day(step.starts_at, tz)))
        return
    # A step that is given by its day may begin on the day of the close.
    if in_zone(step.starts_at, tz).date() < in_zone(closes_at, tz).date():
        found.add(
            field,
            _(
                "It begins on %(day)s, before applications close on %(close)s.",
                day=day(step.starts_at, tz),
                close=when(closes_at, tz),
            ),
        )
        return
    for other in before:
        names = {"step": milestone_label(other.kind), "day": day(other.starts_at, tz), "end": day(other.ends_at, tz)}
        if step.starts_at < other.starts_at:
            found.add(field, _("It begins before “%(step)s” does on %(day)s.", **names))
            return
        if {step.kind, other.kind} <= set(ONE_AFTER_ANOTHER) and step.starts_at < other.ends_at:
            found.add(field, _("It overlaps with “%(step)s”, which lasts until %(end)s.", **names))
            return


def check_themes(rows: Sequence[ThemeRow], sponsor_ids: Iterable[object]) -> Problems:
    """`sponsor_ids` are the ids of all sponsors that there are."""
    found, known = Problems(), set(sponsor_ids)
    found.not_too_many(rows)
    found.codes([row.code for row in rows], 12)
    for i, row in enumerate(rows):
        found.named(f"rows-{i}-title", row.title, 150)
        found.text(f"rows-{i}-summary", row.summary, 600)
        found.between(f"rows-{i}-winners", row.winners, 0, 1000)
        if row.sponsor_id not in known:
            found.add(f"rows-{i}-sponsor_id", _("Choose the sponsor of this theme."))
    return found


def check_eligibility(eligibility: Eligibility) -> Problems:
    found = Problems()
    found.between("founded_within_years", eligibility.founded_within_years, 1, 100)
    if eligibility.founded_within_years is not None and eligibility.reference_date is None:
        found.add("reference_date", _("Say the day to which the company's age is counted."))
    if eligibility.reference_date is not None and not 2000 <= eligibility.reference_date.year <= 2100:
        found.add("reference_date", _("%(day)s is too far away.", day=day(eligibility.reference_date)))
    found.text("region", eligibility.region, 200)
    found.text("exclusions", eligibility.exclusions, 4000)
    least, most = eligibility.employees_least, eligibility.employees_most
    found.between("employees_least", least, 0, 1_000_000)
    found.between("employees_most", most, least or 0, 1_000_000)
    found.between("revenue_most_krw", eligibility.revenue_most_krw, 0, MOST_WON)
    found.between("entries_most", eligibility.entries_most, 1, 100)
    if eligibility.industries and eligibility.industries_excluded:
        found.add("industries_excluded", _("Name the industries that may apply, or those that may not."))
    for field, codes, known in (
        ("regions", eligibility.regions, set(Region)), ("industries", eligibility.industries, set(Industry)),
        ("industries_excluded", eligibility.industries_excluded, set(Industry)),
    ):  # fmt: skip
        if unknown := [code for code in codes if code not in known]:
            found.add(field, _("“%(code)s” is not in the list.", code=unknown[0][:40]))
    return found


def check_rubric(rubric: Rubric, challenge: Challenge) -> Problems:
    """Shape and limits; that the points add up to 100 is asked when the call goes out, so that a draft can be saved halfway."""
    found = Problems()
    tz = challenge.timezone
    found.named("title", rubric.title, 80)
    if rubric.ends_at <= rubric.starts_at:
        found.add("ends_at", _("The round ends after it begins on %(when)s.", when=when(rubric.starts_at, tz)))
    if rubric.starts_at < challenge.closes_at:
        found.add(
            "starts_at", _("The round begins after applications close on %(when)s.", when=when(challenge.closes_at, tz))
        )
    found.not_too_many(rubric.criteria)
    codes = [row.code for row in rubric.criteria]
    found.codes(codes, 40)
    for i, row in enumerate(rubric.criteria):
        found.named(f"rows-{i}-title", row.title, 80)
        found.text(f"rows-{i}-description", row.description, 400)
        if not 0 < row.points <= 100 or row.points != row.points.quantize(Decimal("0.01")):
            found.add(
                f"rows-{i}-points",
                _(
                    "Points are more than 0 and at most 100, with at most two decimal places; %(value)s is not.",
                    value=points(row.points),
                ),
            )
    found.between("sheets_per_entry", rubric.sheets_per_entry, 1, 99)
    found.between("trim_floor", rubric.trim_floor, 3, 99)
    found.between("decimals", rubric.decimals, 0, 2)
    found.between("pass_mark", rubric.pass_mark, 0, 100)
    found.between("bonus_cap", rubric.bonus_cap, 0, 100)
    check_tie_break(found, rubric.tie_break, codes)
    return found


def check_tie_break(found: Problems, chain: Sequence[str], codes: Sequence[str]) -> None:
    for i, code in enumerate(chain):
        if code != CHAIR and code not in codes:
            found.add("tie_break", _("The tie-break names “%(code)s”, which is not a criterion.", code=code[:40]))
        elif code in chain[:i]:
            found.add("tie_break", _("The tie-break names “%(code)s” twice.", code=code))
    if CHAIR in chain and chain[-1] != CHAIR:
        found.add("tie_break", _("The chair's decision comes last."))


def check_prizes(rows: Sequence[PrizeRow]) -> Problems:
    found = Problems()
    found.not_too_many(rows)
    for i, row in enumerate(rows):
        found.named(f"rows-{i}-title", row.title, 60)
        found.between(f"rows-{i}-count", row.count, 1, 1000)
        found.between(f"rows-{i}-amount_krw", row.amount_krw, 0, MOST_WON)
    return found


def check_terms(terms: Terms) -> Problems:
    found = Problems()
    found.text("terms", terms.terms, LONG_TEXT)
    found.between("poc_places", terms.poc_places, 0, 1000)
    found.between("retention_years", terms.retention_years, LEAST_YEARS, MOST_YEARS)
    found.between("poc_budget_krw_each", terms.poc_budget_krw_each, 0, MOST_WON)
    return found


def local_moment(moment: datetime, tz: str) -> datetime:
    """A time typed without its zone, as it is in the challenge's."""
    return moment.replace(tzinfo=ZoneInfo(tz))
