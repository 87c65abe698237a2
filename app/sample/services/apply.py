"""The applicants: drafts, documents, consents, submissions, and the eligibility check."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from app.applications import rules, services
from app.applications.models import CheckOutcome
from app.challenges.form.parts import consents_of, documents_of
from app.core.bilingual import Bilingual
from app.sample.material import both, read
from app.sample.papers import paper
from app.sample.services.story import Event, Story

# When each begins and hands in. One comes at the last minute, as somebody always does.
TIMES = (
    ("2022-09-06T10:10", "2022-09-13T15:20"), ("2022-09-07T14:02", "2022-09-12T18:40"), ("2022-09-08T09:31", "2022-09-20T11:05"),
    ("2022-09-09T16:45", "2022-09-22T21:17"), ("2022-09-06T13:20", "2022-09-13T17:32"), ("2022-09-12T11:00", "2022-09-21T10:48"),
    ("2022-09-13T08:55", "2022-09-23T16:41"), ("2022-09-19T20:12", "2022-09-23T16:58:12"),
)  # fmt: skip
CORRECTED, INELIGIBLE = 6, 7  # places in the list of applicants
WITHOUT_SPONSOR = {3, 6}  # who refuse to have their data given to the sponsor
WITH_FINANCIALS = {0, 2, 5}
BLURRED = "사업자등록증의 등록번호가 흐려 읽을 수 없습니다. 다시 발급받은 사본을 올려 주십시오."
FUNDED_ELSEWHERE = "같은 아이템으로 다른 기관의 지원사업을 수행하고 있어 공고의 제외 대상에 해당합니다."


def application_events(story: Story) -> list[Event]:
    events = []
    for i, (begun, sent) in enumerate(TIMES):
        events += [Event(begun, _start(story, i)), Event(sent, _submit(story, i))]
    checks = [i for i in range(len(TIMES)) if i not in (CORRECTED, INELIGIBLE)]
    events += [
        Event(f"2022-09-26T{10 + n}:05", _check(story, i, CheckOutcome.ELIGIBLE)) for n, i in enumerate(checks[:4])
    ]
    events += [
        Event("2022-09-26T15:30", _ask_for_correction(story)),
        Event("2022-09-29T09:40", _correct(story)),
        Event("2022-09-29T13:15", _check(story, CORRECTED, CheckOutcome.ELIGIBLE)),
        Event("2022-09-29T14:00", _check(story, INELIGIBLE, CheckOutcome.INELIGIBLE, FUNDED_ELSEWHERE)),
    ]
    return events + [
        Event(f"2022-09-29T15:{10 + n}", _check(story, i, CheckOutcome.ELIGIBLE)) for n, i in enumerate(checks[4:])
    ]


def _start(story: Story, i: int) -> Callable[[datetime], None]:
    """Take up the theme and write the first half of the form."""

    def start(now: datetime) -> None:
        startup, person = story.people.startups[i]
        code = story.sample["applicants"][i]["theme"]
        theme = next(theme for theme in story.challenge.themes if theme.code == code)
        application = services.start_application(theme, startup, actor=person, now=now)
        story.applications[i] = application
        about, words = story.people.facts["startups"][i], read("proposals")[i]
        draft = services.DraftInput(contact_phone=about["phone"], answers={"summary": words["summary"]})
        services.save_draft(
            application, draft, version=application.version, actor=person, now=now + timedelta(minutes=12)
        )

    return start


def _submit(story: Story, i: int) -> Callable[[datetime], None]:
    """Write the rest, hand in the documents, decide on each consent, submit."""

    def submit(now: datetime) -> None:
        application, (_startup, person) = story.applications[i], story.people.startups[i]
        by: dict[str, Any] = {"actor": person, "now": now - timedelta(minutes=4)}
        about, words = story.people.facts["startups"][i], read("proposals")[i]
        answers = {
            "plan": words["plan"], "team_size": str(about["team"]), "website": f"https://{about['email'].split('@')[0]}.example.org",
            "relocation": "yes",
        }  # fmt: skip
        services.save_draft(application, services.DraftInput(answers=answers), version=application.version, **by)
        form = application.challenge.form
        for question in documents_of(form):
            if question.code != "financials" or i in WITH_FINANCIALS:
                _attach(story, i, question.code, **by)
        consents = {consent.code: consent.required or i not in WITHOUT_SPONSOR for consent in consents_of(form)}
        services.set_consents(application, consents, language=about["language"], **by)
        keys = [c.key for c in rules.confirmations_asked(application.challenge)]
        services.confirm_eligibility(application, keys, **by)
        services.submit_application(application, actor=person, now=now)

    return submit


def _attach(story: Story, i: int, code: str, **by: Any) -> None:
    application, about = story.applications[i], story.people.facts["startups"][i]
    question = next(q for q in documents_of(application.challenge.form) if q.code == code)
    name = both(story.sample["applicants"][i]["name"]).in_language(about["language"])
    issued_on = story.timetable.day("2022-08-30") if question.max_age_days else None
    services.attach_document(
        application, question, stream=BytesIO(_paper(story, i, code)), filename=f"{question.label.in_language(about['language'])}_{name}.pdf",
        storage=story.storage, issued_on=issued_on, **by,
    )  # fmt: skip


def _paper(story: Story, i: int, code: str) -> bytes:
    """The document's PDF, in the language of the applicant; it names no date, so that all samples share it."""
    about, words, applicant = story.people.facts["startups"][i], read("proposals")[i], story.sample["applicants"][i]
    language, name = about["language"], both(applicant["name"]).in_language(about["language"])

    def say(ko: str, en: str) -> str:
        return Bilingual(ko, en).in_language(language)

    if code == "proposal":
        parts: tuple[tuple[str, str], ...] = (
            (say("무엇을 푸는가", "What we solve"), words["summary"]),
            (say("어떻게 실증하는가", "How we demonstrate it"), words["plan"]),
            (say("한 문장으로", "In one sentence"), applicant["proposal"]),
        )
        return paper(say("제안서", "Proposal"), name, parts, language)
    if code == "registration":
        parts = (
            (say("등록번호", "Registration number"), applicant["brn"]),
            (say("사업장", "Place of business"), about["address"]),
        )
        return paper(say("사업자등록증(예시)", "Business registration certificate (sample)"), name, parts, language)
    parts = ((say("매출액", "Revenue"), say("412,000,000원 / 655,000,000원", "KRW 412,000,000 / 655,000,000")),)
    return paper(say("재무제표(예시)", "Financial statements (sample)"), name, parts, language)


def _check(story: Story, i: int, outcome: CheckOutcome, reason: str = "") -> Callable[[datetime], None]:
    def check(now: datetime) -> None:
        services.check_eligibility(story.applications[i], outcome, reason=reason, actor=story.people.organizer, now=now)

    return check


def _ask_for_correction(story: Story) -> Callable[[datetime], None]:
    def ask(now: datetime) -> None:
        services.check_eligibility(
            story.applications[CORRECTED], CheckOutcome.CORRECTION, reason=BLURRED, due_at=story.timetable.at("2022-10-04T18:00"),
            actor=story.people.organizer, now=now,
        )  # fmt: skip

    return ask


def _correct(story: Story) -> Callable[[datetime], None]:
    def correct(now: datetime) -> None:
        person = story.people.startups[CORRECTED][1]
        _attach(story, CORRECTED, "registration", actor=person, now=now - timedelta(minutes=3))
        services.submit_application(story.applications[CORRECTED], actor=person, now=now)

    return correct
