"""The form of the rubric: criteria with their points, and the scoring rule."""

from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField, TextAreaField

from app.challenges.checks import CHAIR
from app.challenges.forms.basics import limits, pair, split
from app.challenges.forms.fields import ChoiceSelectField, MomentField, PointsField, RowForm, WholeField, required
from app.challenges.forms.section import SectionForm
from app.challenges.inputs import CriterionRow, Rubric
from app.challenges.labels import aggregate_label, trim_label
from app.challenges.models import Aggregate, Challenge, Trim
from app.web.filters import current_language, in_zone
from app.web.forms import choices

LONGEST_CHAIN = 8


class CriterionFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"points": "10"}

    code = HiddenField()
    title_ko = StringField(_l("Criterion (Korean)"))
    title_en = StringField(_l("Criterion (English)"))
    description_ko = TextAreaField(_l("What is looked at (Korean)"), render_kw={"rows": 2})
    description_en = TextAreaField(_l("What is looked at (English)"), render_kw={"rows": 2})
    points = PointsField(lazy_pgettext("rubric", "Points"), render_kw={"inputmode": "decimal", "data-sum": "points"})


class RubricForm(SectionForm):
    row, stem = CriterionFields, "criterion"

    title_ko = StringField(_l("Name of the round (Korean)"))
    title_en = StringField(_l("Name of the round (English)"))
    starts_at = MomentField(_l("Judging begins"))
    ends_at = MomentField(_l("Judging ends"))
    rows = FieldList(FormField(CriterionFields), _l("Criteria"))
    sheets_per_entry = WholeField(_l("Judges for each entry"))
    aggregate = ChoiceSelectField(_l("How sheets become one score"))
    trim = ChoiceSelectField(_l("What is trimmed"))
    trim_floor = WholeField(_l("Trim from this many sheets on"), description=_l("With fewer, none is left out."))
    pass_mark = PointsField(_l("Pass mark"), description=_l("Points out of 100; empty: none."))
    pass_mark_sees_bonus = BooleanField(_l("Bonus points count for the pass mark"))
    bonus_cap = PointsField(_l("Bonus points at most"), description=_l("0: no bonus points."))
    decimals = WholeField(_l("Decimal places"), description=_l("Rounded half up, once."))
    tie_break = FieldList(
        ChoiceSelectField(), _l("How a tie is broken"),
        description=_l("By these, one after another; the order of receipt never counts."), min_entries=1,
    )  # fmt: skip

    def prepare(self) -> None:
        self.name_new_rows("title")
        limits(self, title=80)
        for entry in self.entries():
            limits(entry, title=80, description=400)
        self.aggregate.choices = choices([(a.value, aggregate_label(a)) for a in Aggregate])
        self.trim.choices = choices([(t.value, trim_label(t)) for t in Trim])
        self.pass_mark.flags.optional = True
        places = min(len(self.entries()) + 1, LONGEST_CHAIN)
        while len(self.tie_break.entries) < places:
            self.tie_break.append_entry("")
        language = current_language()
        criteria = [(e.code.data, pair(e, "title").in_language(language) or e.code.data) for e in self.entries()]
        links = [("", "–"), *criteria, (CHAIR, _("The chair's decision with a reason"))]
        for number, choice in enumerate(self.tie_break.entries, 1):
            choice.choices = choices(links)
            choice.label.text = _("Tie-break %(number)d", number=number)
            if choice.data and choice.data not in dict(links):
                choice.data = ""  # its criterion has just been removed

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        tz = challenge.timezone
        if not challenge.rounds:
            new = Rubric(challenge.title, challenge.closes_at, challenge.closes_at, [])
            return {
                "title_ko": "종합평가", "title_en": "Evaluation", "sheets_per_entry": new.sheets_per_entry, "trim": new.trim.value,
                "aggregate": new.aggregate.value, "trim_floor": new.trim_floor, "bonus_cap": new.bonus_cap, "decimals": new.decimals,
                "tie_break": [CHAIR],
            }  # fmt: skip
        first = challenge.rounds[0]
        return {
            **split(first.title, "title"), "starts_at": in_zone(first.starts_at, tz), "ends_at": in_zone(first.ends_at, tz),
            "rows": [
                {"code": c.code, **split(c.title, "title"), **split(c.description, "description"), "points": c.points}
                for c in first.criteria
            ],
            "sheets_per_entry": first.sheets_per_entry, "aggregate": first.aggregate.value, "trim": first.trim.value,
            "trim_floor": first.trim_floor, "pass_mark": first.pass_mark, "pass_mark_sees_bonus": first.pass_mark_sees_bonus,
            "bonus_cap": first.bonus_cap, "decimals": first.decimals, "tie_break": list(first.tie_break),
        }  # fmt: skip

    def points_so_far(self) -> Decimal:
        return sum((e.points.data for e in self.entries() if isinstance(e.points.data, Decimal)), Decimal(0))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        valid = required(self.starts_at, _("Say when judging begins.")) and valid
        valid = required(self.ends_at, _("Say when judging ends.")) and valid
        valid = required(self.sheets_per_entry, _("Say how many judges score each entry.")) and valid
        wanting = [e for e in self.entries() if not required(e.points, _("Say how many points it has."))]
        self.add_problems([])
        return bool(valid) and not wanting

    def given(self) -> Rubric:
        zone = ZoneInfo(self.challenge.timezone)
        starts_at, ends_at, sheets = self.starts_at.data, self.ends_at.data, self.sheets_per_entry.data
        assert starts_at is not None and ends_at is not None and sheets is not None  # noqa: PT018 - seen to by validate
        return Rubric(
            title=pair(self, "title"),
            starts_at=starts_at.replace(tzinfo=zone),
            ends_at=ends_at.replace(tzinfo=zone),
            criteria=[
                CriterionRow(e.code.data or "", pair(e, "title"), e.points.data, pair(e, "description"))
                for e in self.entries()
            ],
            sheets_per_entry=sheets,
            aggregate=Aggregate(self.aggregate.data),
            trim=Trim(self.trim.data),
            trim_floor=4 if self.trim_floor.data is None else self.trim_floor.data,
            pass_mark=self.pass_mark.data,
            pass_mark_sees_bonus=self.pass_mark_sees_bonus.data,
            bonus_cap=self.bonus_cap.data or Decimal(0),
            decimals=2 if self.decimals.data is None else self.decimals.data,
            tie_break=[entry.data for entry in self.tie_break.entries if entry.data],
        )
