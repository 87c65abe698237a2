"""The kinds of mail on results, and what an organizer's own text of them may hold. A correction always has the usual words."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.core.bilingual import Bilingual
from app.mail.kinds import Context, MailKind, Placeholder, name_mails, register_kinds
from app.web.filters import day, local, when, won


def _zone(c: Context) -> str:
    return str(c["challenge"].timezone)


def _prize(c: Context) -> str:
    """The prize with its money, as the usual text has it."""
    own = c["own"]
    if not own or not own.prize:
        return ""
    return f"{local(own.prize)} ({won(own.amount_krw)})" if own.amount_krw else local(own.prize)


def _theme(c: Context) -> str:
    return local(c["own"].theme) if c["own"] else local(c["application"].theme.title)


NAME = Placeholder("name", lambda: _("the person's name"), lambda c: c["name"])
CHALLENGE = Placeholder("challenge", lambda: _("the title of the challenge"), lambda c: local(c["challenge"].title))
COMMON = (
    NAME, CHALLENGE,
    Placeholder("receipt_number", lambda: _("the receipt number"), lambda c: c["application"].receipt_number),
    Placeholder("company", lambda: _("the startup"), lambda c: local(c["application"].startup.name)),
    Placeholder("theme", lambda: _("the theme applied to"), _theme),
    Placeholder(
        "link", lambda: _("the address of the applicant's own result"),
        lambda c: f"{c['base_url']}/applications/{c['application'].id}/result", required=True, link=True,
    ),
    Placeholder(
        "appeals_until", lambda: _("until when to appeal; nothing where the call has no appeals"),
        lambda c: when(c["appeals"].ends_at, _zone(c)) if c["appeals"] else "",
    ),
)  # fmt: skip
AGREEMENT = Placeholder(
    "agreement_day", lambda: _("the day on which agreements are signed; nothing where the call names none"),
    lambda c: day(c["agreement"].starts_at, _zone(c)) if c["agreement"] else "",
)  # fmt: skip


def example(**own: Any) -> dict[str, Any]:
    """What the templates are given, invented, no two values alike."""
    title = Bilingual("2022 서울 핀테크 챌린지(예시)", "2022 Seoul Fintech Challenge (example)")
    theme = Bilingual("대안신용평가(예시)", "Alternative credit scoring (example)")
    return {
        "name": "김하나(예시)",
        "challenge": SimpleNamespace(title=title, timezone="Asia/Seoul", release_comments=True, slug="seoul-fintech-2022-example"),
        "application": SimpleNamespace(
            id=UUID("018f0000-0000-7000-8000-000000000001"), receipt_number="SF-2022-012",
            startup=SimpleNamespace(name=Bilingual("가온샘(예시)", "Gaonsem (example)")), theme=SimpleNamespace(title=theme),
        ),
        "own": SimpleNamespace(theme=theme, **{"prize": None, "amount_krw": 0, "reserve_rank": None, **own}),
        "correction": "", "reason": "업력 초과(예시)",
        "appeals": SimpleNamespace(ends_at=datetime(2022, 11, 4, 9, tzinfo=UTC)),
        "agreement": SimpleNamespace(starts_at=datetime(2022, 11, 14, 1, tzinfo=UTC)),
    }  # fmt: skip


def _ineligible() -> dict[str, Any]:
    return {**example(), "own": None}


def _not_a_correction(c: Context) -> bool:
    return not c["correction"]


RESULTS = "awards/results"  # the batch of all that are told at one publication
name_mails({RESULTS: lambda: _("Results"), "awards/appeal_answered": lambda: _("Answer to an objection")})

register_kinds(
    MailKind(
        "awards/selected", lambda: _("Result: selected"), lambda: _("when the results are published, to those selected"),
        (*COMMON, Placeholder("prize", lambda: _("the prize with its money; nothing where there is none"), _prize), AGREEMENT),
        lambda: example(prize=Bilingual("대상(예시)", "Grand prize (example)"), amount_krw=12_340_000), wordable=_not_a_correction,
    ),
    MailKind(
        "awards/reserve", lambda: _("Result: reserve"), lambda: _("when the results are published, to those on the reserve list"),
        (*COMMON, Placeholder("rank", lambda: _("the reserve rank"), lambda c: str(c["own"].reserve_rank), required=True)),
        lambda: example(reserve_rank=77), wordable=_not_a_correction,
    ),
    MailKind(
        "awards/not_selected", lambda: _("Result: not selected"), lambda: _("when the results are published, to those not selected"),
        COMMON, example, wordable=_not_a_correction,
    ),
    MailKind(
        "awards/ineligible", lambda: _("Result: ineligible"), lambda: _("when the results are published, to those found ineligible before"),
        (*COMMON, Placeholder("reason", lambda: _("the reason of the eligibility check"), lambda c: c["reason"])),
        _ineligible, wordable=_not_a_correction,
    ),
)  # fmt: skip
