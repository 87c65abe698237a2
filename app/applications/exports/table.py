"""The table of received applications: one row each, with every answer of the submission that stands."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.accounts.models import LegalForm
from app.applications.content import Submitted
from app.applications.labels import legal_form_label, outcome_label, staff_label
from app.applications.models import CheckOutcome
from app.applications.queries.asked import ReceivedFilter
from app.applications.queries.exported import Asked, ExportedRow, list_asked, stream_exported
from app.applications.rules.completeness import contact_labels
from app.applications.states import ApplicationState
from app.challenges.form.answers import Words as AnswerWords
from app.challenges.form.answers import as_cell
from app.challenges.models import Challenge
from app.core.bilingual import Language
from app.core.spreadsheets import Cell, Column, write_csv, write_xlsx
from app.web.filters import current_language, local

TableKind = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[TableKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FACTS = 12  # what _facts gives


def write_table(out: IO[bytes], challenge: Challenge, asked: ReceivedFilter, kind: TableKind) -> int:
    """Write the applications that fit `asked` to `out`, in the language of the page; returns how many. Three statements."""
    form = list_asked(challenge, asked)
    columns = _columns(form)
    words = _Words(ZoneInfo(challenge.timezone), current_language())
    rows = (_row(row, form, words) for row in stream_exported(challenge, asked))
    if kind == "csv":
        return write_csv(out, columns, rows)
    cut = _("… (cut: a cell holds no more; the CSV has the whole text)")
    return write_xlsx(out, columns, rows, sheet=_("Applications"), frozen=2, cut=cut)


class _Words:
    """What many rows say alike: looked up once, not in each of 100,000 cells."""

    def __init__(self, zone: ZoneInfo, language: Language) -> None:
        self.zone, self.language = zone, language
        self.states = {state: staff_label(state)[0] for state in ApplicationState}
        self.outcomes = {outcome: outcome_label(outcome) for outcome in CheckOutcome}
        self.legal_forms = {form.value: legal_form_label(form.value) for form in LegalForm}
        self.agreed = {True: _("agreed"), False: _("not agreed")}
        self.answers = AnswerWords.here()

    def wall_clock(self, moment: datetime | None) -> datetime | None:
        """The moment as the challenge's clock shows it, which is how a spreadsheet keeps one."""
        return moment.astimezone(self.zone).replace(tzinfo=None, microsecond=0) if moment else None


def _columns(form: Asked) -> list[Column]:
    contact = contact_labels()
    return [
        Column(_("Receipt number"), 14),
        Column(_("Company"), 26),
        Column(_("Theme code"), 8),
        Column(_("Theme"), 26),
        Column(_("State"), 14),
        Column(_("Submitted"), 19),
        Column(_("Correction until"), 19),
        Column(_("Last check"), 14),
        Column(_("Reason of the last check"), 40),
        Column(_("Checked"), 19),
        Column(_("Company name in Korean"), 26),
        Column(_("Company name in English"), 26),
        Column(_("Legal form"), 16),
        Column(_("Business registration number"), 14),
        Column(_("Founded"), 12),
        Column(_("Predecessor opened"), 12),
        Column(_("Representative"), 14),
        Column(_("Address"), 32),
        Column(_("Website"), 26),
        Column(contact["contact_name"], 14),
        Column(contact["contact_email"], 26),
        Column(contact["contact_phone"], 16),
        *(Column(local(label), 32) for label in form.questions.values()),
        Column(_("Documents"), 32),
        *(Column(local(title), 18) for title in form.consents.values()),
        Column(_("Submission no."), 8),
        Column("SHA-256", 20),
    ]


def _row(row: ExportedRow, form: Asked, words: _Words) -> list[Cell]:
    received, sent = row.received, row.sent
    start: list[Cell] = [
        received.receipt_number,
        (sent.company_name if sent else received.startup).in_language(words.language),
        received.theme_code,
        received.theme.in_language(words.language),
        words.states[received.state],
        words.wall_clock(received.submitted_at),
        words.wall_clock(received.correction_due_at),
        words.outcomes[row.outcome] if row.outcome else "",
        row.reason,
        words.wall_clock(row.checked_at),
    ]
    if sent is None:
        return [*start, *[None] * (FACTS + len(form.questions) + 1 + len(form.consents) + 2)]
    answers = {a.question.code: as_cell(a.question, a.answer, words.answers) for a in sent.answers}
    consents = {consent.code: words.agreed[consent.given] for consent in sent.consents}
    documents = (f"{document.title.in_language(words.language)}: {document.filename}" for document in sent.documents)
    return [
        *start,
        *_facts(sent, words),
        *(answers.get(code) for code in form.questions),
        "\n".join(documents),
        *(consents.get(code) for code in form.consents),
        sent.number,
        sent.sha256,
    ]


def _facts(sent: Submitted, words: _Words) -> Iterator[Cell]:
    company, contact = sent.company, sent.contact
    yield from (sent.company_name.ko, sent.company_name.en)
    yield words.legal_forms.get(company["legal_form"], "")
    yield company["business_number"] or ""  # a text, which keeps its noughts
    for fact in ("founded_on", "predecessor_opened_on"):
        yield date.fromisoformat(company[fact]) if company[fact] else None
    for fact in ("representative", "address", "website"):
        yield company[fact] or ""
    for fact in ("name", "email", "phone"):
        yield contact.get(fact, "")
