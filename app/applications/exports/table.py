"""The table of received applications: one row each, with every answer of the submission that stands."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Literal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.applications.content import Submitted
from app.applications.labels import legal_form_label, outcome_label, staff_label
from app.applications.queries.exported import Asked, ExportedRow, list_asked, stream_exported
from app.applications.queries.received import ReceivedFilter
from app.applications.rules.completeness import NUMBER, contact_labels
from app.challenges.models import Challenge, QuestionKind
from app.core.spreadsheets import Cell, Column, write_csv, write_xlsx
from app.web.filters import local

TableKind = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[TableKind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FACTS = 12  # what _facts gives


def write_table(out: IO[bytes], challenge: Challenge, asked: ReceivedFilter, kind: TableKind) -> int:
    """Write the applications that fit `asked` to `out`, in the language of the page; returns how many. Four statements."""
    form = list_asked(challenge, asked)
    columns = _columns(form)
    rows = (_row(row, form, ZoneInfo(challenge.timezone)) for row in stream_exported(challenge, asked))
    if kind == "csv":
        return write_csv(out, columns, rows)
    cut = _("… (cut: a cell holds no more; the CSV has the whole text)")
    return write_xlsx(out, columns, rows, sheet=_("Applications"), frozen=2, cut=cut)


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


def _row(row: ExportedRow, form: Asked, zone: ZoneInfo) -> list[Cell]:
    received = row.received
    start: list[Cell] = [
        received.receipt_number,
        local(row.sent.company_name if row.sent else received.startup),
        received.theme_code,
        local(received.theme),
        staff_label(received.state)[0],
        _wall_clock(received.submitted_at, zone),
        _wall_clock(received.correction_due_at, zone),
        outcome_label(row.outcome) if row.outcome else "",
        row.reason,
        _wall_clock(row.checked_at, zone),
    ]
    if row.sent is None:
        return [*start, *[None] * (FACTS + len(form.questions) + 1 + len(form.consents) + 2)]
    answers = {answer.code: _answer(answer.kind, answer.answer) for answer in row.sent.answers}
    consents = {consent.code: _("agreed") if consent.given else _("not agreed") for consent in row.sent.consents}
    return [
        *start,
        *_facts(row.sent),
        *(answers.get(code) for code in form.questions),
        "\n".join(f"{local(document.title)}: {document.filename}" for document in row.sent.documents),
        *(consents.get(code) for code in form.consents),
        row.sent.number,
        row.sent.sha256,
    ]


def _facts(sent: Submitted) -> Iterator[Cell]:
    company, contact = sent.company, sent.contact
    yield from (sent.company_name.ko, sent.company_name.en)
    yield legal_form_label(company["legal_form"]) if company["legal_form"] else ""
    yield company["business_number"] or ""  # a text, which keeps its noughts
    for fact in ("founded_on", "predecessor_opened_on"):
        yield date.fromisoformat(company[fact]) if company[fact] else None
    for fact in ("representative", "address", "website"):
        yield company[fact] or ""
    for fact in ("name", "email", "phone"):
        yield contact.get(fact, "")


def _answer(kind: str, answer: str) -> Cell:
    if kind == QuestionKind.NUMBER and NUMBER.fullmatch(answer):
        return Decimal(answer.replace(",", ""))
    if kind == QuestionKind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(answer, answer)
    return answer


def _wall_clock(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The moment as the challenge's clock shows it, which is how a spreadsheet keeps one."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None
