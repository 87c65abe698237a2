"""How times, money, scores and texts in two languages are written on pages and in mails."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import nh3
from flask import Flask, g, has_app_context
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.core.bilingual import Bilingual, Language, as_language
from app.web.comparison import compared
from app.web.forms import control_attributes
from app.web.panels import panels

KST = "Asia/Seoul"
WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def current_language() -> Language:
    """The language of the page or mail that is being made."""
    # What Flask-Babel found before for this request, or was told to use, without its ways around.
    locale = getattr(g.get("_flask_babel"), "babel_locale", None) if has_app_context() else None
    if locale is None:
        locale = get_locale()
    return as_language(locale.language if locale else None)


def in_zone(moment: datetime, tz: str | None = None) -> datetime:
    return moment.astimezone(ZoneInfo(tz or KST))


def day(value: datetime | date, tz: str | None = None) -> str:
    """2022. 9. 23.(금), or Fri, 23 Sep 2022."""
    local = in_zone(value, tz) if isinstance(value, datetime) else value
    if current_language() == "ko":
        return f"{local.year}. {local.month}. {local.day}.({WEEKDAYS['ko'][local.weekday()]})"
    return f"{WEEKDAYS['en'][local.weekday()]}, {local.day} {MONTHS_EN[local.month - 1]} {local.year}"


def day_short(value: datetime | date, tz: str | None = None) -> str:
    """9. 23.(금), or Fri, 23 Sep."""
    local = in_zone(value, tz) if isinstance(value, datetime) else value
    if current_language() == "ko":
        return f"{local.month}. {local.day}.({WEEKDAYS['ko'][local.weekday()]})"
    return f"{WEEKDAYS['en'][local.weekday()]}, {local.day} {MONTHS_EN[local.month - 1]}"


def when(moment: datetime, tz: str | None = None) -> str:
    """2022. 9. 23.(금) 17:00, or Fri, 23 Sep 2022, 17:00."""
    return _joined(day(moment, tz), moment, tz)


def when_short(moment: datetime, tz: str | None = None) -> str:
    """9. 23.(금) 17:00, or Fri, 23 Sep, 17:00."""
    return _joined(day_short(moment, tz), moment, tz)


def _joined(date_text: str, moment: datetime, tz: str | None) -> str:
    time_text = in_zone(moment, tz).strftime("%H:%M")
    return f"{date_text} {time_text}" if current_language() == "ko" else f"{date_text}, {time_text}"


def span(starts: datetime, ends: datetime, tz: str | None = None) -> str:
    """The days from one moment to another, written once where they are the same."""
    first, last = day_short(starts, tz), day_short(ends, tz)
    return first if first == last else f"{first} ~ {last}" if current_language() == "ko" else f"{first} – {last}"


def clock_time(moment: datetime, tz: str | None = None) -> str:
    """16:58:12."""
    return in_zone(moment, tz).strftime("%H:%M:%S")


def left(until: datetime, now: datetime) -> str:
    """How long it is from `now` to `until`, in its two largest units; minutes at least."""
    rest = until - now
    if rest <= timedelta(0):
        return _("closed")
    days, hours, minutes = rest.days, rest.seconds // 3600, rest.seconds // 60 % 60
    if days:
        return _("%(days)s %(hours)s", days=ngettext("%(num)d day", "%(num)d days", days), hours=_hours(hours))
    if hours:
        return _("%(hours)s %(minutes)s", hours=_hours(hours), minutes=_minutes(minutes))
    return _minutes(minutes) if minutes else _("less than a minute")


def _hours(count: int) -> str:
    return ngettext("%(num)d hour", "%(num)d hours", count)


def _minutes(count: int) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", count)


def number(value: int | Decimal) -> str:
    """1,234."""
    return f"{value:,}"


def won(amount: int) -> str:
    """30,000,000원, or KRW 30,000,000."""
    return f"{amount:,}원" if current_language() == "ko" else f"KRW {amount:,}"


def won_short(amount: int) -> str:
    """3,000만 원, 1억 2,000만 원, or KRW 30 million; exact, and in full where it does not come out even."""
    if current_language() == "ko":
        if amount <= 0 or amount % 10_000:
            return f"{amount:,}원"
        hundred_millions, ten_thousands = divmod(amount // 10_000, 10_000)
        parts = [f"{hundred_millions:,}억"] if hundred_millions else []
        parts += [f"{ten_thousands:,}만"] if ten_thousands else []
        return " ".join(parts) + " 원"
    millions = Decimal(amount) / 1_000_000
    if amount % 100_000 or not amount:
        return f"KRW {amount:,}"
    return f"KRW {millions.normalize():f} million"


def score(value: Decimal | None, places: int = 2) -> str:
    """83.67; a dash where there is none, since none is not nought."""
    if value is None:
        return "–"
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def points(value: Decimal | None) -> str:
    """30 or 4.5: no places that say nothing."""
    if value is None:
        return "–"
    return f"{value.normalize():f}"


def filesize(size: int) -> str:
    """18.4MB, 512KB."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}MB"
    return f"{max(1, round(size / 1024)):,}KB"


def local(text: Bilingual) -> str:
    """The text in the page's language."""
    return text.in_language(current_language())


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "h4", "blockquote", "code", "pre", "br", "hr"} | {
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def markdown(text: str) -> Markup:
    """Markdown as safe HTML: no raw HTML, no images, links that tell nobody where they were followed from."""
    html = nh3.clean(_markdown.render(text), tags=_TAGS, attributes={"a": {"href"}}, link_rel="noopener nofollow")
    return Markup(html)  # noqa: S704 - cleaned one line above


def utc_iso(moment: datetime) -> str:
    """2022-09-23T08:00:00Z, for attributes that scripts read."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def register_filters(app: Flask) -> None:
    for function in (
        clock_time, compared, day, day_short, filesize, in_zone, left, local, markdown, number, points, score, span, utc_iso, when,
        when_short, won, won_short,
    ):  # fmt: skip
        app.add_template_filter(function)
    app.add_template_global(panels)
    app.add_template_global(control_attributes)
