"""Forms of the sections that are lists: themes, documents, questions, consents, prizes."""

from typing import Any, ClassVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from app.challenges import queries
from app.challenges.checks import DOCUMENT_TYPES
from app.challenges.form.difference import kind_label
from app.challenges.form.model import Kind
from app.challenges.form.parts import consents_of, documents_of, typed_of
from app.challenges.forms.basics import limits, pair, split
from app.challenges.forms.fields import ChoiceSelectField, RowForm, WholeField
from app.challenges.forms.section import SectionForm
from app.challenges.inputs import ConsentRow, DocumentRow, PrizeRow, QuestionRow, ThemeRow
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


class DocumentFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"required": "y", "types": ["pdf"], "max_mb": "20", "judges_see": "y"}

    code = HiddenField()
    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    hint_ko = StringField(_l("Hint (Korean)"))
    hint_en = StringField(_l("Hint (English)"))
    types = SelectMultipleField(
        _l("Kinds of file"), choices=choices([(t, t.upper()) for t in DOCUMENT_TYPES]), validate_choice=False,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    max_mb = WholeField(_l("Size at most"), render_kw={"inputmode": "numeric"})
    max_age_days = WholeField(_l("Issued within"), description=_l("Days before the close; empty: any age."))
    required = BooleanField(_l("Required"))
    judges_see = BooleanField(_l("Judges see it"))


class DocumentsForm(SectionForm):
    row, stem = DocumentFields, "document"
    rows = FieldList(FormField(DocumentFields), _l("Documents"))

    def prepare(self) -> None:
        self.name_new_rows("title")
        for entry in self.entries():
            limits(entry, title=120, hint=300)
            for name in ("hint_ko", "hint_en", "max_age_days"):
                entry[name].flags.optional = True

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "code": d.code, **split(d.label, "title"), **split(d.help, "hint"), "types": list(d.types), "max_mb": d.max_mb,
                    "max_age_days": d.max_age_days, "required": d.required, "judges_see": not d.private,
                }
                for d in documents_of(challenge.form)
            ]
        }  # fmt: skip

    def given(self) -> list[DocumentRow]:
        return [
            DocumentRow(
                e.code.data or "", pair(e, "title"), e.required.data, list(e.types.data or []), e.max_mb.data or 20,
                e.max_age_days.data, e.judges_see.data, pair(e, "hint"),
            )
            for e in self.entries()
        ]  # fmt: skip


SIMPLE = (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.URL, Kind.YES_NO)


class QuestionFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"kind": "long_text", "required": "y", "judges_see": "y", "limit": "1000"}

    code = HiddenField()
    label_ko = StringField(_l("Question (Korean)"))
    label_en = StringField(_l("Question (English)"))
    hint_ko = StringField(_l("Hint (Korean)"))
    hint_en = StringField(_l("Hint (English)"))
    kind = ChoiceSelectField(_l("Kind of answer"))
    limit = WholeField(_l("Limit"), description=_l("Characters of a text, or the largest number."))
    required = BooleanField(_l("Required"))
    judges_see = BooleanField(_l("Judges see it"))


class QuestionsForm(SectionForm):
    row, stem = QuestionFields, "question"
    rows = FieldList(FormField(QuestionFields), _l("Questions"))

    def prepare(self) -> None:
        self.name_new_rows("label")
        for entry in self.entries():
            entry.kind.choices = choices([(kind.value, kind_label(kind)) for kind in SIMPLE])
            limits(entry, label=200, hint=400)
            for name in ("hint_ko", "hint_en", "limit"):
                entry[name].flags.optional = True

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "code": q.code, **split(q.label, "label"), **split(q.help, "hint"), "kind": q.kind.value,
                    "limit": q.most if q.kind is Kind.NUMBER else q.limit, "required": q.required, "judges_see": not q.private,
                }
                for q in typed_of(challenge.form)
            ]
        }  # fmt: skip

    def given(self) -> list[QuestionRow]:
        return [
            QuestionRow(
                e.code.data or "", pair(e, "label"), Kind(e.kind.data), e.required.data, e.limit.data, e.judges_see.data,
                pair(e, "hint"),
            )
            for e in self.entries()
        ]  # fmt: skip


class ConsentFields(RowForm):
    NEW: ClassVar[dict[str, Any]] = {"required": "y"}

    code = HiddenField()
    title_ko = StringField(_l("Title (Korean)"))
    title_en = StringField(_l("Title (English)"))
    text_ko = TextAreaField(
        _l("Text (Korean)"),
        description=_l("Purpose, items, retention period, the right to refuse. Markdown."),
        render_kw={"rows": 7},
    )
    text_en = TextAreaField(
        _l("Text (English)"),
        description=_l("Purpose, items, retention period, the right to refuse. Markdown."),
        render_kw={"rows": 7},
    )
    required = BooleanField(_l("Required"))
    shares_with_sponsor = BooleanField(
        _l("Gives the application to the sponsor"), description=_l("A consent of its own, which may be refused.")
    )


class ConsentsForm(SectionForm):
    row, stem = ConsentFields, "consent"
    rows = FieldList(FormField(ConsentFields), _l("Consents"))

    def prepare(self) -> None:
        self.name_new_rows("title")
        for entry in self.entries():
            limits(entry, title=150, text=20_000)

    @classmethod
    def data_of(cls, challenge: Challenge) -> dict[str, Any]:
        return {
            "rows": [
                {
                    "code": c.code, **split(c.label, "title"), **split(c.text, "text"), "required": c.required,
                    "shares_with_sponsor": c.shares_with_sponsor,
                }
                for c in consents_of(challenge.form)
            ]
        }  # fmt: skip

    def given(self) -> list[ConsentRow]:
        return [
            ConsentRow(
                e.code.data or "", pair(e, "title"), pair(e, "text"), e.required.data, e.shares_with_sponsor.data
            )
            for e in self.entries()
        ]


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
