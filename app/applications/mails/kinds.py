"""The kinds of mail about an application, and what an organizer's own text of them may hold."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.applications.mails import members
from app.applications.queries import list_cases
from app.core.bilingual import Bilingual
from app.mail.kinds import Context, MailKind, Placeholder, RealCase, name_mails, register_kinds
from app.web.filters import clock_time, left, local, when, when_short

Values = dict[str, Any]


def _zone(c: Context) -> str:
    return str(c["challenge"].timezone)


NAME = Placeholder("name", lambda: _("the person's name"), lambda c: c["person"].name)
CHALLENGE = Placeholder("challenge", lambda: _("the title of the challenge"), lambda c: local(c["challenge"].title))
CLOSE = Placeholder("close", lambda: _("when applications close"), lambda c: when(c["challenge"].closes_at, _zone(c)))
THEME = Placeholder("theme", lambda: _("the theme applied to"), lambda c: local(c["application"].theme.title))
COMPANY = Placeholder("company", lambda: _("the startup"), lambda c: local(c["application"].startup.name))
RECEIPT = Placeholder(
    "receipt_number", lambda: _("the receipt number"), lambda c: c["application"].receipt_number or ""
)
LINK = Placeholder(
    "link", lambda: _("the address of the application"), lambda c: f"{c['base_url']}/applications/{c['application'].id}", link=True
)  # fmt: skip
COMMON = (NAME, CHALLENGE, THEME, COMPANY, RECEIPT, LINK)
CALL_LINK = Placeholder(
    "link", lambda: _("the address of the call"), lambda c: f"{c['base_url']}/challenges/{c['challenge'].slug}", link=True
)  # fmt: skip
REASON = Placeholder("reason", lambda: _("the reason given"), lambda c: c["check"].reason, required=True)


def example(**more: Any) -> Values:
    """What the templates are given, invented, no two values alike."""
    return {
        "person": SimpleNamespace(name="김하나(예시)"),
        "challenge": SimpleNamespace(
            title=Bilingual("2022 서울 핀테크 챌린지(예시)", "2022 Seoul Fintech Challenge (example)"), timezone="Asia/Seoul",
            closes_at=datetime(2022, 9, 23, 8, tzinfo=UTC), slug="seoul-fintech-2022-example", cancel_reason="예산 철회(예시)",
            release_comments=True, host=SimpleNamespace(name=Bilingual("서울핀테크랩(예시)", "Seoul Fintech Lab (example)")),
        ),
        "application": SimpleNamespace(
            id=UUID("018f0000-0000-7000-8000-000000000001"), receipt_number="SF-2022-012", is_standing=True,
            theme=SimpleNamespace(title=Bilingual("대안신용평가(예시)", "Alternative credit scoring (example)")),
            startup=SimpleNamespace(name=Bilingual("가온샘(예시)", "Gaonsem (example)")),
        ),
        **more,
    }  # fmt: skip


def cases(challenge: Any, now: datetime) -> dict[UUID, RealCase]:
    """What was handed in, as far as it may be read now, each with the first of its people."""
    found = {}
    for application in list_cases(challenge, now):
        people = members(application.startup_id)
        if people:
            label = f"{application.receipt_number} · {local(application.startup.name)} · {people[0].email}"
            context = {"application": application, "challenge": challenge, "person": people[0], "name": people[0].name}
            found[application.id] = RealCase(label, context)
    return found


def _submitted() -> Values:
    sent_at = datetime(2022, 9, 21, 5, 12, 9, tzinfo=UTC)
    return example(corrected=False, submission=SimpleNamespace(submitted_at=sent_at, number=8, sha256="9f2c" * 16))


def _checked() -> Values:
    due_at = datetime(2022, 9, 30, 9, tzinfo=UTC)
    return example(check=SimpleNamespace(reason="사업자등록증이 흐립니다(예시)", due_at=due_at))


def _reminded() -> Values:
    closes_at = datetime(2022, 9, 23, 8, tzinfo=UTC)
    faults = ["제안 요약(예시): 아직 답하지 않았습니다.", "사업자등록증(예시): 아직 올리지 않았습니다."]
    moment = closes_at.replace(day=22, hour=7)
    told = example()
    told["application"].receipt_number = None
    return told | {"faults": faults, "more": 0, "moment": moment, "token": "example-token"}


def _sent_at(c: Context) -> str:
    moment = c["submission"].submitted_at
    return f"{when(moment, _zone(c))} ({clock_time(moment, _zone(c))})"


def _changes(c: Context) -> str:
    """What changed in the form, under the sentence that the usual text has for it."""
    changed = c["changes"]()
    if not changed:
        return ""
    told = _(
        "What has changed in the application form. Answers that still fit are in your draft; what no longer fits is kept beside it for you to read."
    )
    return "\n\n".join([told, "\n".join(f"- {sentence}" for sentence in changed[:30])])


# A message that an organizer writes to a group; its words are always the organizer's, so that it is no kind to be worded.
MESSAGE = MailKind(
    "applications/message", lambda: _("Message to applicants"), lambda: _("when you write to a group of applicants"), COMMON, example
)  # fmt: skip
name_mails({MESSAGE.template: MESSAGE.label})

register_kinds(
    MailKind(
        "applications/reminder",
        lambda: _("Reminder before the close"),
        lambda: _("7 days, 1 day and 3 hours before the close, to those whose draft is not submitted"),
        (
            NAME, CHALLENGE, THEME, COMPANY,
            Placeholder("close", CLOSE.meaning, CLOSE.value, required=True),
            Placeholder("left", lambda: _("how long there is until the close"), lambda c: left(c["challenge"].closes_at, c["moment"])),
            Placeholder("missing", lambda: _("what is still missing, one to a line"), lambda c: "\n".join(f"- {fault}" for fault in c["faults"])),
            LINK,
            Placeholder(
                "stop_link", lambda: _("the address at which the person ends the reminders"),
                lambda c: f"{c['base_url']}/reminders/{c['token']}", required=True, link=True,
            ),
        ),
        _reminded,
        wordable=lambda c: bool(c["faults"]) and not c["more"],
        private=True,
        holdable=False,
    ),
    MailKind(
        "applications/submitted",
        lambda: _("Application received"),
        lambda: _("right after an application was submitted; it is the receipt"),
        (
            NAME, CHALLENGE, THEME, COMPANY,
            Placeholder("receipt_number", RECEIPT.meaning, RECEIPT.value, required=True),
            Placeholder("submitted_at", lambda: _("when it was submitted, to the second"), _sent_at),
            Placeholder("submission", lambda: _("which submission it is"), lambda c: str(c["submission"].number)),
            Placeholder("sha256", lambda: _("the SHA-256 of what was sent"), lambda c: c["submission"].sha256, required=True),
            CLOSE, LINK,
        ),
        _submitted,
        cases,
        wordable=lambda c: not c["corrected"],
        holdable=False,
    ),
    MailKind(
        "applications/withdrawn", lambda: _("Application withdrawn"), lambda: _("after an application was withdrawn"),
        (*COMMON, CLOSE), example, cases,
    ),
    MailKind(
        "applications/reopened", lambda: _("Application reopened"), lambda: _("after a submitted application was reopened to be changed"),
        (*COMMON, CLOSE), example, cases, wordable=lambda c: c["application"].is_standing,
    ),
    MailKind(
        "applications/change", lambda: _("Change of the call"), lambda: _("after a new version of the rules, to all who apply or draft"),
        (
            NAME, CHALLENGE, CLOSE, CALL_LINK,
            Placeholder("version", lambda: _("the number of the new version"), lambda c: str(c["version"].number)),
            Placeholder("reason", lambda: _("the reason given"), lambda c: c["version"].reason, required=True),
            Placeholder("changes", lambda: _("what has changed in the form; nothing where nothing has"), _changes),
        ),
        lambda: example(version=SimpleNamespace(number=7, reason="접수 기간 연장(예시)"), changes=lambda: ["새 질문: 실증 계획(예시)", "빠진 질문: 누리집(예시)"]),
        private=True, holdable=False,
    ),
    MailKind(
        "applications/cancellation", lambda: _("Cancellation of the challenge"), lambda: _("after the challenge was cancelled, to all who apply or draft"),
        (
            NAME, CHALLENGE,
            Placeholder("reason", lambda: _("the reason given"), lambda c: c["challenge"].cancel_reason, required=True),
            Placeholder("link", lambda: _("the address of the person's applications"), lambda c: f"{c['base_url']}/applications", link=True),
        ),
        example, private=True, holdable=False,
    ),
    MailKind(
        "applications/correction", lambda: _("Correction requested"), lambda: _("when the eligibility check asks for a correction"),
        (
            *COMMON, REASON,
            Placeholder("until", lambda: _("until when it has to be corrected"), lambda c: when(c["check"].due_at, _zone(c)), required=True),
            Placeholder("until_short", lambda: _("the same without the year"), lambda c: when_short(c["check"].due_at, _zone(c))),
        ),
        _checked, cases,
    ),
    MailKind(
        "applications/eligible", lambda: _("Eligible"), lambda: _("when the eligibility check finds an application eligible"), COMMON, example, cases,
    ),
    MailKind(
        "applications/ineligible", lambda: _("Ineligible"), lambda: _("when the eligibility check finds an application ineligible"),
        (*COMMON, REASON), _checked, cases,
    ),
)  # fmt: skip
