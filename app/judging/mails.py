"""The kinds of mail to judges, and what an organizer's own text of them may hold."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from app.core.bilingual import Bilingual
from app.mail.kinds import Context, MailKind, Placeholder, register_kinds
from app.web.filters import local, when


def _zone(c: Context) -> str:
    return str(c["challenge"].timezone)


NAME = Placeholder("name", lambda: _("the judge's name"), lambda c: c["name"])
CHALLENGE = Placeholder("challenge", lambda: _("the title of the challenge"), lambda c: local(c["challenge"].title))
UNTIL = Placeholder("until", lambda: _("when the judging ends"), lambda c: when(c["round"].ends_at, _zone(c)))
COUNT = Placeholder("count", lambda: _("how many"), lambda c: str(c["count"]))
DESK = Placeholder("link", lambda: _("the address of the judge's desk"), lambda c: f"{c['base_url']}/judging/{c['challenge'].id}", link=True)  # fmt: skip


def example(**more: Any) -> dict[str, Any]:
    """What the templates are given, invented, no two values alike."""
    round_ = SimpleNamespace(
        title=Bilingual("서류평가(예시)", "Document review (example)"),
        starts_at=datetime(2022, 9, 26, 1, tzinfo=UTC), ends_at=datetime(2022, 10, 14, 9, tzinfo=UTC),
    )  # fmt: skip
    challenge = SimpleNamespace(
        id="018f0000-0000-7000-8000-000000000002", timezone="Asia/Seoul", rounds=[],
        title=Bilingual("2022 서울 핀테크 챌린지(예시)", "2022 Seoul Fintech Challenge (example)"),
        host=SimpleNamespace(name=Bilingual("서울핀테크랩(예시)", "Seoul Fintech Lab (example)")),
    )  # fmt: skip
    return {"name": "나심사(예시)", "challenge": challenge, "round": round_, "count": 777, **more}


def _invited() -> dict[str, Any]:
    return example(is_chair=False, token="example-token", ends_at=datetime(2022, 10, 20, 9, tzinfo=UTC))  # noqa: S106 - an example


def _reopened() -> dict[str, Any]:
    entry = SimpleNamespace(
        receipt_number="SF-2022-012", name=Bilingual("가온샘(예시)", "Gaonsem (example)"), blind=False
    )
    return example(entry=entry, sheet_id="018f0000-0000-7000-8000-000000000003", reason="점수 누락(예시)")


register_kinds(
    MailKind(
        "judging/invitation", lambda: _("Invitation of a judge"), lambda: _("when a judge is invited"),
        (
            NAME, CHALLENGE,
            Placeholder("host", lambda: _("the organizer"), lambda c: local(c["challenge"].host.name)),
            Placeholder("until", lambda: _("until when to answer"), lambda c: when(c["ends_at"], _zone(c))),
            Placeholder(
                "link", lambda: _("the address at which the judge accepts or declines"),
                lambda c: f"{c['base_url']}/judging/invitations/{c['token']}", required=True, link=True,
            ),
        ),
        _invited, wordable=lambda c: not c["is_chair"], holdable=False,
    ),
    MailKind(
        "judging/entries_assigned", lambda: _("Entries assigned"), lambda: _("when a judge gets new applications to judge"),
        (NAME, CHALLENGE, COUNT, UNTIL, DESK), example,
    ),
    MailKind(
        "judging/reminder", lambda: _("Reminder to a judge"), lambda: _("when the organizer reminds judges whose sheets are not signed"),
        (NAME, CHALLENGE, COUNT, UNTIL, DESK), example,
    ),
    MailKind(
        "judging/pledge_changed", lambda: _("New version of the pledge"), lambda: _("when the organizer puts a new version of the judges' pledge in force"),
        (
            NAME, CHALLENGE,
            Placeholder("link", lambda: _("the address at which the judge signs"), lambda c: f"{c['base_url']}/judging/{c['challenge'].id}/pledge", required=True, link=True),
        ),
        example,
    ),
    MailKind(
        "judging/sheet_reopened", lambda: _("Score sheet reopened"), lambda: _("when the organizer reopens a signed score sheet"),
        (
            NAME, UNTIL,
            Placeholder("company", lambda: _("the startup"), lambda c: local(c["entry"].name)),
            Placeholder("receipt_number", lambda: _("the receipt number"), lambda c: c["entry"].receipt_number),
            Placeholder("reason", lambda: _("the reason given"), lambda c: c["reason"], required=True),
            Placeholder("link", lambda: _("the address of the score sheet"), lambda c: f"{c['base_url']}/judging/sheets/{c['sheet_id']}", link=True),
        ),
        _reopened,
    ),
)  # fmt: skip
