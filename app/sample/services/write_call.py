"""The sample's call, from the draft to the publication."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from app.challenges import services
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.inputs import (
    Basics,
    CriterionRow,
    Eligibility,
    PrizeRow,
    Rubric,
    Schedule,
    Step,
    Terms,
    ThemeRow,
)
from app.challenges.models import Aggregate, SponsorVerdict, Trim
from app.challenges.states import MilestoneKind
from app.core.bilingual import Bilingual
from app.sample.material import both
from app.sample.services.story import Event, Story

DAY = ("09:00", "18:00")


def call_events(story: Story) -> list[Event]:
    def draft(now: datetime) -> None:
        write_draft(story, now)

    def ask(now: datetime) -> None:
        services.send_to_sponsors(story.challenge, actor=story.people.organizer, now=now)

    def approve(now: datetime) -> None:
        services.review_challenge(
            story.challenge,
            SponsorVerdict.APPROVED,
            "과제 설명과 제공 데이터를 확인했습니다.",
            actor=story.people.sponsor_person,
            now=now,
        )

    def publish(now: datetime) -> None:
        services.publish_challenge(story.challenge, actor=story.people.organizer, now=now)

    def close(now: datetime) -> None:
        services.close_challenge(story.challenge, actor=None, now=now)

    schedule = story.sample["challenge"]["schedule"]
    return [
        Event("2022-08-22T10:00", draft), Event("2022-08-29T11:00", ask), Event("2022-08-31T16:30", approve),
        Event(schedule["published_on"], publish), Event(schedule["closes_at"] + ":30", close),
    ]  # fmt: skip


def write_draft(story: Story, now: datetime) -> None:
    """Every section of the call, through the services behind the editor's pages."""
    sample, texts = story.sample["challenge"], story.texts
    by: dict[str, Any] = {"actor": story.people.organizer, "now": now}
    year = str(story.timetable.at(sample["schedule"]["opens_at"]).year)
    title = Bilingual(
        sample["title"]["ko"].replace("2022", year).replace("(", f"{story.edition[0]}("),
        sample["title"]["en"].replace("2022", year).replace(" (", f"{story.edition[1]} ("),
    )
    basics = Basics(
        slug=story.slug, receipt_prefix=f"SF-{year}", title=title, summary=both(texts["summary"]),
        description=both(texts["description"]), timezone=sample["timezone"],
    )  # fmt: skip
    challenge = services.create_challenge(story.people.host, basics, schedule=_schedule(story), is_demo=True, **by)
    story.called = challenge
    services.set_themes(challenge, _themes(story), **by)
    services.set_eligibility(challenge, _eligibility(story), **by)
    services.set_form(challenge, _form(sample, texts), **by)
    services.set_rubric(challenge, _rubric(story), **by)
    services.set_prizes(
        challenge, [PrizeRow(both(p["title"]), p["count"], p["amount_krw"]) for p in sample["prizes"]], **by
    )
    services.set_terms(
        challenge, Terms(both(texts["terms"]), sample["poc"]["places"], sample["poc"]["budget_krw_each"]), **by
    )


def _schedule(story: Story) -> Schedule:
    dates, at = story.sample["challenge"]["schedule"], story.timetable.at

    def days(first: str, last: str) -> tuple[datetime, datetime]:
        return at(f"{first}T{DAY[0]}"), at(f"{last}T{DAY[1]}")

    ceremony = dates["award_ceremony"]
    steps = {
        MilestoneKind.ELIGIBILITY_CHECK: days(*dates["eligibility_check"]),
        MilestoneKind.DOCUMENT_REVIEW: days(*dates["document_review"]),
        MilestoneKind.FINALISTS_TOLD: (at(f"{dates['finalists_told']}T14:00"), at(f"{dates['finalists_told']}T14:00")),
        MilestoneKind.PITCH: days(dates["pitch"], dates["pitch"]),
        MilestoneKind.PUBLIC_REVIEW: days(*dates["public_review"]),
        MilestoneKind.AWARD_CEREMONY: (at(f"{ceremony}T14:00"), at(f"{ceremony}T16:00")),
        MilestoneKind.APPEALS: (at(f"{ceremony}T16:00"), at(f"{dates['appeals_until']}T18:00")),
        MilestoneKind.AGREEMENT: days(dates["agreement"], dates["agreement"]),
    }
    return Schedule(at(dates["opens_at"]), at(dates["closes_at"]), [Step(kind, *when) for kind, when in steps.items()])


def _themes(story: Story) -> list[ThemeRow]:
    summaries = story.texts["themes"]
    return [
        ThemeRow(t["code"], both(t["title"]), story.people.sponsor.id, t["winners"], both(summaries[t["code"]]))
        for t in story.sample["challenge"]["themes"]
    ]


def _eligibility(story: Story) -> Eligibility:
    asked = story.sample["challenge"]["eligibility"]
    return Eligibility(
        asked["founded_within_years"], story.timetable.day(asked["reference_date"]), both(story.texts["region"]),
        both(story.texts["exclusions"]), pre_founders_allowed=True,
    )  # fmt: skip


def _form(sample: dict[str, Any], texts: dict[str, Any]) -> Form:
    """What the sample asks: the proposal, the documents, the consents."""
    return Form(
        (
            Section("proposal", Bilingual("제안 내용", "Proposal"), questions=tuple(map(_question, texts["questions"]))),
            Section(
                "documents", Bilingual("제출서류", "Documents"),
                questions=tuple(_document(row, texts["hints"][row["code"]]) for row in sample["documents"]),
            ),
            Section("consents", Bilingual("동의", "Consents"), questions=tuple(map(_consent, texts["consents"]))),
        )
    )  # fmt: skip


def _document(row: dict[str, Any], hint: dict[str, str]) -> Question:
    return Question(
        row["code"], Kind.FILE, both(row["title"]), both(hint), required=row["required"], private=row["code"] == "registration",
        types=tuple(row["types"]), max_mb=row.get("max_mb", 20), max_age_days=row.get("max_age_days"),
    )  # fmt: skip


def _question(row: dict[str, Any]) -> Question:
    kind, limit = Kind(row["kind"]), row["limit"]
    return Question(
        row["code"], kind, both(row["label"]), both(row["hint"]), required=row.get("required", True),
        private=not row.get("judges_see", True),
        limit=limit if kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT) else None,
        least=Decimal(0) if kind is Kind.NUMBER else None, most=Decimal(limit) if kind is Kind.NUMBER else None,
    )  # fmt: skip


def _consent(row: dict[str, Any]) -> Question:
    return Question(
        row["code"], Kind.CONSENT, both(row["title"]), required=row["required"], text=both(row["text"]),
        shares_with_sponsor=row["shares_with_sponsor"],
    )  # fmt: skip


def _rubric(story: Story) -> Rubric:
    rule, dates = story.sample["challenge"]["scoring"], story.sample["challenge"]["schedule"]
    criteria = [
        CriterionRow(c["code"], both(c["title"]), Decimal(c["points"]), both(story.texts["criteria"][c["code"]]))
        for c in story.rubric
    ]
    return Rubric(
        Bilingual("종합평가", "Evaluation"),
        story.timetable.at(f"{dates['document_review'][0]}T{DAY[0]}"),
        story.timetable.at(f"{dates['pitch']}T{DAY[1]}"),
        criteria,
        sheets_per_entry=rule["judges_per_entry"],
        aggregate=Aggregate(rule["aggregate"]),
        trim=Trim(rule["trim"]),
        pass_mark=Decimal(rule["pass_mark"]),
        pass_mark_sees_bonus=rule["pass_mark_sees_bonus"],
        bonus_cap=Decimal(rule["bonus_cap"]),
        decimals=rule["decimals"],
        tie_break=rule["tie_break"],
    )
