"""Who keeps a startup's profile, and what may stand in it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import Organization, OrganizationKind, User
from app.accounts.profile.codes import DocumentKind, Industry, InvestmentStage, Region
from app.core.filetypes import FileFault
from app.web.filters import day, number

MOST_EMPLOYEES = 1_000_000
MOST_WON = 10**15
LONGEST_LINE = 120
LONGEST_TEXT = 5_000
MOST_TEAM = 30
MOST_DOCUMENTS = 60
MOST_BYTES = 20 * 1024 * 1024
FILE_TYPES = ("pdf", "png", "jpg", "hwp", "hwpx", "docx", "xlsx", "pptx")
SOON = timedelta(days=30)
YEARS_SHOWN = 3
SEOUL = ZoneInfo("Asia/Seoul")

CODES = {
    "region": {region.value for region in Region},
    "industry": {industry.value for industry in Industry},
    "investment_stage": {stage.value for stage in InvestmentStage},
}
WHOLE_NUMBERS = {"employees": MOST_EMPLOYEES, "capital_krw": MOST_WON}
WHOLE = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+")


def why_not_edit_profile(organization: Organization, actor: User) -> str | None:
    """Everybody of the startup writes its profile; its registration stays with the admins."""
    if organization.kind is not OrganizationKind.STARTUP:
        return _("Only a startup has a profile.")
    if not actor.belongs_to(organization.id):
        return _("Only the startup's own people can change its profile.")
    return None


def today(now: datetime) -> date:
    return now.astimezone(SEOUL).date()


def years_shown(now: datetime) -> list[int]:
    """The last finished business years, the latest first."""
    return [today(now).year - back for back in range(1, YEARS_SHOWN + 1)]


def why_not_fact(name: str, text: str, now: datetime) -> str | None:
    """Why `text` cannot stand as the fact `name` ("" always can: it is unsaid)."""
    if not text:
        return None
    if name in CODES:
        return None if text in CODES[name] else _("Choose one from the list.")
    if name in WHOLE_NUMBERS:
        return _why_not_whole(text, WHOLE_NUMBERS[name])
    if name.startswith("revenue_"):
        return _why_not_revenue(name, text, now)
    limit = LONGEST_LINE if name.startswith("one_line") else LONGEST_TEXT
    return None if len(text) <= limit else _too_long(text, limit)


def _too_long(text: str, limit: int) -> str:
    return _(
        "%(over)s characters have to go. There are %(count)s now, and %(limit)s are allowed.",
        over=number(len(text) - limit), count=number(len(text)), limit=number(limit),
    )  # fmt: skip


def _why_not_revenue(name: str, text: str, now: datetime) -> str | None:
    year = name.removeprefix("revenue_")
    if not (year.isascii() and year.isdigit() and 1900 <= int(year) <= today(now).year):
        return _("There is no revenue of the year %(year)s yet.", year=year[:8])
    return _why_not_whole(text, MOST_WON)


def _why_not_whole(text: str, most: int) -> str | None:
    if not WHOLE.fullmatch(text):
        return _("“%(text)s” is not a whole number, such as 1,200.", text=text[:40])
    if as_whole(text) > most:
        return _("%(value)s is more than the %(limit)s that are allowed.", value=text[:40], limit=number(most))
    return None


def as_whole(text: str) -> int:
    return int(text.replace(",", ""))


def why_not_member(name: str, role: str, career: str, *, count: int) -> tuple[str, str] | None:
    """The field and why these words cannot stand; `count` is how many other people the team has."""
    if not name:
        return "name", _("Enter the name.")
    for field, text, limit in (("name", name, 100), ("role", role, 100), ("career", career, LONGEST_TEXT)):
        if len(text) > limit:
            return field, _(
                "At most %(limit)s characters; this has %(count)s.", limit=number(limit), count=number(len(text))
            )
    if count >= MOST_TEAM:
        return "name", _("At most %(limit)d people; remove somebody first.", limit=MOST_TEAM)
    return None


def why_not_dates(issued_on: date | None, expires_on: date | None, now: datetime) -> tuple[str, str] | None:
    """The field and why a document cannot have these dates."""
    if issued_on is not None and issued_on > today(now):
        return "issued_on", _("The date of issue, %(issued)s, lies in the future.", issued=day(issued_on))
    if issued_on is not None and issued_on.year < 1950:
        return "issued_on", _("This date is before 1950. Check the year.")
    if expires_on is not None and expires_on.year > 2200:
        return "expires_on", _("This date is after 2200. Check the year.")
    if issued_on is not None and expires_on is not None and expires_on < issued_on:
        return "expires_on", _("It cannot expire before it was issued. Check which of the two dates is which.")
    return None


def why_not_content(fault: FileFault) -> str:
    """The sentence for a content that is no file of ours."""
    return {
        FileFault.EMPTY: _("The file is empty (0 bytes)."),
        FileFault.UNKNOWN: _("The content of this file is none of the kinds that are taken."),
        FileFault.BROKEN: _("The file is damaged or incomplete. Open it once, save it again and upload that."),
        FileFault.TWO_KINDS: _(
            "The file can be read as two kinds at once, so it is not taken. Save it again and upload that."
        ),
        FileFault.BOMB: _("The file unpacks to far more than it should, so it is not taken."),
        FileFault.MACROS: _("The file carries macros. Save it without them and upload that."),
    }[fault]


@dataclass(frozen=True)
class Validity:
    """What a document's expiry means today: a sentence and its tone."""

    tone: Literal["good", "warn", "bad"]
    words: str


def validity(expires_on: date | None, now: datetime) -> Validity | None:
    """Whether a document is still good on the day of `now` in Seoul; its last day counts. None where it does not expire."""
    if expires_on is None:
        return None
    left = (expires_on - today(now)).days
    if left < 0:
        return Validity("bad", _("expired on %(day)s", day=day(expires_on)))
    if left == 0:
        return Validity("warn", _("expires today"))
    if left <= SOON.days:
        return Validity("warn", ngettext("expires in %(num)d day", "expires in %(num)d days", left))
    return Validity("good", _("good until %(day)s", day=day(expires_on)))


def document_kind(text: str) -> DocumentKind | None:
    return DocumentKind(text) if text in {kind.value for kind in DocumentKind} else None
