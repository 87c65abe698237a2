"""Forms of the sections that are no lists: basics, schedule, terms."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField

from app.challenges.forms.fields import ChoiceSelectField, DayField, MomentField, WholeField, required
from app.challenges.forms.section import SectionForm
from app.challenges.inputs import Basics, Schedule, Step, Terms
from app.challenges.labels import milestone_label
from app.challenges.models import Challenge
from app.challenges.states import MilestoneKind
from app.core.bilingual import Bilingual
from app.web.filters import in_zone
from app.web.forms import choices

ZONES = (
    "Asia/Seoul", "Asia/Ho_Chi_Minh", "Asia/Singapore", "Asia/Tokyo", "Europe/Berlin", "Europe/London", "America/Los_Angeles",
    "America/New_York", "UTC",
)  # fmt: skip
STEPS = tuple(kind for kind in MilestoneKind if kind is not MilestoneKind.APPLICATIONS)


def pair(form: Any, name: str) -> Bilingual:
    """The two fields of a bilingual text."""
    return Bilingual(ko=form[f"{name}_ko"].data or "", en=form[f"{name}_en"].data or "")


def split(text: Bilingual, name: str) -> dict[str, str]:
    return {f"{name}_ko": text.ko, f"{name}_en": text.en}


def limits(form: Any, **most: int) -> None:
    """Show how many characters each text may have."""
    for name, limit in most.items():
        for language in ("ko", "en"):
            form[f"{name}_{language}"].flags.maxlength = limit


class BasicsForm(SectionForm):
    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    summary_ko = TextAreaField(
        _l("Summary (Korean)"), description=_l("Two sentences: it stands at the top of the call and in link previews.")
    )
    summary_en = TextAreaField(
        _l("Summary (English)"), description=_l("Two sentences: it stands at the top of the call and in link previews.")
    )
    description_ko = TextAreaField(
        _l("Description (Korean)"), description=_l("Markdown: **bold**, lists, headings, tables, links.")
    )
    description_en = TextAreaField(
        _l("Description (English)"), description=_l("Markdown: **bold**, lists, headings, tables, links.")
    )
    slug = StringField(
        _l("Address of the call"), description=_l("Small letters, digits and hyphens; the call stands at /challenges/…")
    )
    receipt_prefix = StringField(_l("Prefix of receipt numbers"), description=_l("SF-2022 makes SF-2022-001."))
    timezone = ChoiceSelectField(_l("Time zone"), default="Asia/Seoul")

    def prepare(self) -> None:
        limits(self, title=150, summary=400, description=20_000)
        zones = dict.fromkeys([self.challenge.timezone, *ZONES])
        self.timezone.choices = choices(
            (zone, _("Korean time") + " (Asia/Seoul)" if zone == "Asia/Seoul" else zone) for zone in zones
        )

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            **split(challenge.title, "title"), **split(challenge.summary, "summary"), **split(challenge.description, "description"),
            "slug": challenge.slug, "receipt_prefix": challenge.receipt_prefix, "timezone": challenge.timezone,
        }  # fmt: skip

    def given(self) -> Basics:
        return Basics(
            slug=self.slug.data or "",
            receipt_prefix=self.receipt_prefix.data or "",
            title=pair(self, "title"),
            summary=pair(self, "summary"),
            description=pair(self, "description"),
            timezone=self.timezone.data,
        )


class _ScheduleFields(SectionForm):
    opens_at = MomentField(_l("Applications open"))
    closes_at = MomentField(
        _l("Applications close"), description=_l("What is submitted in this very second is in time.")
    )
    sealed = BooleanField(
        _l("Sealed until the close"),
        description=_l(
            "Before the close nobody but the applicant's own people can read an application: you, too, see only how many there "
            "are. The call says so, and it stays once the call is published."
        ),
    )


def _step_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for kind in STEPS:
        fields[f"{kind.value}_starts"] = DayField()
        fields[f"{kind.value}_ends"] = DayField()
    return fields


class ScheduleForm(type("_StepFields", (_ScheduleFields,), _step_fields())):  # type: ignore[misc] # a pair of fields for each step
    steps = STEPS

    def prepare(self) -> None:
        for kind in STEPS:
            self[f"{kind.value}_starts"].label.text = _("%(step)s: first day", step=milestone_label(kind))
            self[f"{kind.value}_ends"].label.text = _("%(step)s: last day", step=milestone_label(kind))
            self[f"{kind.value}_starts"].flags.optional = self[f"{kind.value}_ends"].flags.optional = True

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        tz = challenge.timezone
        data: dict[str, Any] = {
            "opens_at": in_zone(challenge.opens_at, tz),
            "closes_at": in_zone(challenge.closes_at, tz),
            "sealed": challenge.sealed,
        }
        for milestone in challenge.milestones:
            data[f"{milestone.kind.value}_starts"] = in_zone(milestone.starts_at, tz).date()
            data[f"{milestone.kind.value}_ends"] = in_zone(milestone.ends_at, tz).date()
        return data

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        valid = required(self.opens_at, _("Say when applications open.")) and valid
        valid = required(self.closes_at, _("Say when applications close.")) and valid
        for kind in STEPS:
            starts, ends = self[f"{kind.value}_starts"], self[f"{kind.value}_ends"]
            if ends.data and not starts.data and not starts.errors:
                valid = required(starts, _("Say when it begins, or leave both days empty."))
        return bool(valid)

    def given(self) -> Schedule:
        zone = ZoneInfo(self.challenge.timezone)
        standing = {m.kind: m for m in self.challenge.milestones}
        steps = []
        for kind in STEPS:
            starts, ends = self[f"{kind.value}_starts"].data, self[f"{kind.value}_ends"].data
            if starts is None:
                continue
            first = datetime.combine(starts, time(), zone)
            last = datetime.combine(ends or starts, time(), zone) + timedelta(days=1, minutes=-1)
            known = standing.get(kind)
            if known and self.data_of(self.challenge).get(f"{kind.value}_starts") == starts:
                first = known.starts_at  # the hour that was set elsewhere stays while the day does
            if known and self.data_of(self.challenge).get(f"{kind.value}_ends") == (ends or starts):
                last = known.ends_at
            steps.append(Step(kind, first, last))
        return Schedule(
            self.opens_at.data.replace(tzinfo=zone), self.closes_at.data.replace(tzinfo=zone), steps, self.sealed.data
        )


class TermsForm(SectionForm):
    terms_ko = TextAreaField(
        _l("Terms (Korean)"), description=_l("Rights in ideas, misconduct, cancellation. Markdown.")
    )
    terms_en = TextAreaField(
        _l("Terms (English)"), description=_l("Rights in ideas, misconduct, cancellation. Markdown.")
    )
    poc_places = WholeField(
        _l("Places in the PoC"), description=_l("Startups that begin a demonstration after the match; 0: none.")
    )
    poc_budget_krw_each = WholeField(_l("PoC budget for each"), description=_l("In won."))
    retention_years = WholeField(
        _l("Personal data is kept for"),
        description=_l(
            "Years after the results, from 1 to 10; then contacts, answers and documents are erased. The consent has to say the same."
        ),
    )
    release_comments = BooleanField(
        _l("Applicants may read the judges' comments, without names, once the results are out")
    )

    def prepare(self) -> None:
        limits(self, terms=20_000)

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            **split(challenge.terms, "terms"), "poc_places": challenge.poc_places,
            "poc_budget_krw_each": challenge.poc_budget_krw_each, "release_comments": challenge.release_comments,
            "retention_years": challenge.retention_years,
        }  # fmt: skip

    def given(self) -> Terms:
        return Terms(
            pair(self, "terms"),
            self.poc_places.data or 0,
            self.poc_budget_krw_each.data or 0,
            self.release_comments.data,
            self.retention_years.data if self.retention_years.data is not None else 3,
        )
