"""A score sheet as it is typed: for each criterion a score and a comment, then what goes to the applicant and to the committee."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.challenges.models import Round
from app.judging import rules
from app.judging.models import ScoreSheet
from app.web.forms import BaseForm

NUMBER = re.compile(r"\d{1,4}(\.\d{0,2})?", re.ASCII)


class SheetForm(BaseForm):
    """Use `sheet_form`, which adds the fields of the rubric: score-CODE and comment-CODE."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    page = StringField(widget=HiddenInput())  # which page writes; filled in by its script
    revisit = BooleanField(_l("Come back to this entry"))
    password = PasswordField(_l("Your password"))
    comment = TextAreaField(_l("Comment for the applicant"), description=_l("Passed on without your name."))
    note = TextAreaField(_l("Note for the committee"), description=_l("Only the organizer and the committee read it."))
    round: Round

    def score_field(self, code: str) -> Field:
        found: Field = self._fields[f"score-{code}"]
        return found

    def comment_field(self, code: str) -> Field:
        found: Field = self._fields[f"comment-{code}"]
        return found

    def scores(self) -> dict[str, Decimal | None]:
        """Criterion code -> score, None where nothing is typed; what is no number becomes an error of its field."""
        found: dict[str, Decimal | None] = {}
        for criterion in self.round.criteria:
            text = unicodedata.normalize("NFKC", self.score_field(criterion.code).data or "").strip().replace(",", ".")
            if not text:
                found[criterion.code] = None
            elif NUMBER.fullmatch(text) is None or rules.why_not_score(criterion, Decimal(text)):
                shown = text if len(text) <= 20 else text[:20] + "…"
                self.add_error(f"score-{criterion.code}", rules.score_refusal(criterion, shown))
            else:
                found[criterion.code] = Decimal(text)
        return found

    def comments(self) -> dict[str, str]:
        return {criterion.code: self.comment_field(criterion.code).data or "" for criterion in self.round.criteria}

    def typed(self) -> dict[str, str]:
        """Everything typed under the label that a reader knows it by, for showing two versions beside each other."""
        return _labelled(
            self.round,
            {criterion.code: self.score_field(criterion.code).data or "" for criterion in self.round.criteria},
            self.comments(),
            self.comment.data or "",
            self.note.data or "",
        )


def stored(sheet: ScoreSheet) -> dict[str, str]:
    """What the sheet holds, under the same labels."""
    return _labelled(sheet.round, sheet.scores, sheet.comments, sheet.comment, sheet.note)


def _labelled(
    round_: Round, scores: Mapping[str, str], comments: Mapping[str, str], comment: str, note: str
) -> dict[str, str]:
    texts: dict[str, str] = {}
    for criterion in round_.criteria:
        title = rules.local_text(criterion.title)
        texts[title] = scores.get(criterion.code, "")
        texts[str(_l("%(criterion)s: comment", criterion=title))] = comments.get(criterion.code, "")
    texts[str(_l("Comment for the applicant"))] = comment
    texts[str(_l("Note for the committee"))] = note
    return {label: text.replace("\r\n", "\n") for label, text in texts.items()}


def sheet_form(sheet: ScoreSheet, *, posted: bool = True) -> SheetForm:
    """The form of this sheet's rubric, holding what is posted, else what is stored. No score is ever filled in for the judge."""
    fields: dict[str, Any] = {"round": sheet.round}
    data: dict[str, Any] = {
        "version": sheet.version,
        "comment": sheet.comment,
        "note": sheet.note,
        "revisit": sheet.revisit,
    }
    for criterion in sheet.round.criteria:
        title = rules.local_text(criterion.title)
        fields[f"score-{criterion.code}"] = StringField(title)
        fields[f"comment-{criterion.code}"] = TextAreaField(_l("%(criterion)s: comment", criterion=title))
        data[f"score-{criterion.code}"] = sheet.scores.get(criterion.code, "")
        data[f"comment-{criterion.code}"] = sheet.comments.get(criterion.code, "")
    kind = type("RubricForm", (SheetForm,), fields)
    form: SheetForm = kind(data=data) if posted else kind(formdata=None, data=data)
    return form


class RecuseForm(BaseForm):
    reason = TextAreaField(_l("Reason"), description=_l("The organizer reads it; the applicant does not."))
