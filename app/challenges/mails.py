"""The kinds of mail to whoever asked about a call. They are private: the outbox would say who asked."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from app.core.bilingual import Bilingual
from app.mail.kinds import MailKind, Placeholder, register_kinds
from app.web.filters import local

NAME = Placeholder("name", lambda: _("the person's name"), lambda c: c["name"])
CHALLENGE = Placeholder("challenge", lambda: _("the title of the challenge"), lambda c: local(c["challenge"].title))
QUESTION = Placeholder("question", lambda: _("the question as it was asked"), lambda c: c["inquiry"].text)


def _example() -> dict[str, Any]:
    title = Bilingual("2022 서울 핀테크 챌린지(예시)", "2022 Seoul Fintech Challenge (example)")
    inquiry = SimpleNamespace(
        text="공동 신청도 되나요?(예시)",
        reason="공고에 이미 있습니다(예시)",
        number=77,
        asked_at=datetime(2022, 9, 20, tzinfo=UTC),
    )
    challenge = SimpleNamespace(title=title, slug="seoul-fintech-2022-example", timezone="Asia/Seoul")
    return {"name": "김하나(예시)", "challenge": challenge, "inquiry": inquiry, "answered": inquiry}


register_kinds(
    MailKind(
        "challenges/inquiry_answered", lambda: _("Question answered"), lambda: _("when a question is answered in public, to whoever asked"),
        (
            NAME, CHALLENGE, QUESTION,
            Placeholder(
                "link", lambda: _("the address of the answer"),
                lambda c: f"{c['base_url']}/challenges/{c['challenge'].slug}#q-{c['answered'].number}", required=True, link=True,
            ),
        ),
        _example, private=True, holdable=False,
    ),
    MailKind(
        "challenges/inquiry_declined", lambda: _("Question not answered in public"), lambda: _("when a question is declined, to whoever asked"),
        (NAME, CHALLENGE, QUESTION, Placeholder("reason", lambda: _("the reason given"), lambda c: c["inquiry"].reason, required=True)),
        _example, private=True, holdable=False,
    ),
)  # fmt: skip
