"""Forms of the sections that are lists: themes, documents, questions, consents, prizes."""

from typing import Any, ClassVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, StringField, TextAreaField

from app.challenges import queries
from app.challenges.forms.basics import limits, pair, split
from app.challenges.forms.fields import ChoiceSelectField, RowForm, WholeField
from app.challenges.forms.section import SectionForm
from app.challenges.inputs import PrizeRow, ThemeRow
from app.challenges.models import Challenge
from app.web.filters import current_language
from app.web.forms import choices


class ThemeFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"winners": "1"}

    code = StringField(_l("Theme code"), description=_l("Short, such as T1."))
    sponsor_id = ChoiceSelectField(_l("Sponsor"))
    winners = WholeField(_l("Winners"))
    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    summary_ko = TextAreaField(_l("Summary (Korean)"), render_kw={"rows": 3})
    summary_en = TextAreaField(_l("Summary (English)"), render_kw={"rows": 3})


class ThemesForm(SectionForm):
    row = ThemeFields
    rows = FieldList(FormField(ThemeFields), _l("Themes"))

    def prepare(self) -> None:
        sponsors = [
            (str(s.id), " · ".join(filter(None, (s.name.in_language(current_language()), domain))))
            for s, domain in queries.list_sponsors()
        ]
        for entry in self.entries():
            entry.sponsor_id.choices = choices([("", _("Choose a sponsor")), *sponsors])
            limits(entry, title=150, summary=600)
        taken = {(e.code.data or "").upper() for e in self.entries()}
        for i, entry in enumerate(self.entries(), 1):
            if entry.code.data in (None, "") and (
                code := next((c for n in range(i, i + 99) if (c := f"T{n}") not in taken), "")
            ):
                entry.code.data, entry.code.raw_data = code, [code]
                taken.add(code)

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "code": t.code,
                    "sponsor_id": str(t.sponsor_id),
                    "winners": t.winners,
                    **split(t.title, "title"),
                    **split(t.summary, "summary"),
                }
                for t in challenge.themes
            ]
        }

    def given(self) -> list[ThemeRow]:
        return [
            ThemeRow(
                e.code.data or "", pair(e, "title"), UUID(e.sponsor_id.data) if e.sponsor_id.data else None,
                e.winners.data if e.winners.data is not None else 1, pair(e, "summary"),
            )
            for e in self.entries()
        ]  # fmt: skip


class PrizeFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"count": "1", "amount_krw": "0"}

    id = HiddenField()
    title_ko = StringField(_l("Prize (Korean)"))
    title_en = StringField(_l("Prize (English)"))
    count = WholeField(_l("How many"))
    amount_krw = WholeField(_l("Amount for each"), description=_l("In won."))


class PrizesForm(SectionForm):
    row = PrizeFields
    rows = FieldList(FormField(PrizeFields), _l("Prizes"))

    def prepare(self) -> None:
        for entry in self.entries():
            limits(entry, title=60)

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "rows": [
                {"id": str(p.id), **split(p.title, "title"), "count": p.count, "amount_krw": p.amount_krw}
                for p in challenge.prizes
            ]
        }

    def given(self) -> list[PrizeRow]:
        own = {str(prize.id): prize.id for prize in self.challenge.prizes}
        return [
            PrizeRow(
                pair(e, "title"), e.count.data if e.count.data is not None else 1, e.amount_krw.data or 0, own.get(e.id.data or "")
            )
            for e in self.entries()
        ]  # fmt: skip
