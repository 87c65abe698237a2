from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from app.challenges import rules, services
from app.challenges.checklist import missing_for_publication
from app.challenges.content import form_of
from app.challenges.form.changes import change_question
from app.challenges.form.difference import difference
from app.challenges.form.model import Comparison, Condition
from app.challenges.inputs import Change, InputRefused, PrizeRow, Schedule, Step
from app.challenges.models import ChallengeRole, Criterion, RulesVersion, SponsorVerdict, Theme
from app.challenges.states import ChallengeState, MilestoneKind, Section
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.jobs.models import Job
from app.mail.models import Mail
from tests import factories
from tests.challenges import drafts
from tests.challenges.drafts import (
    BASICS,
    CRITERIA,
    PRIVACY,
    RUBRIC,
    SCHEDULE,
    SHARING,
    SUMMARY,
    Draft,
    make_form,
    themes_of,
)
from tests.factories import NOW, seoul


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


@pytest.fixture
def draft():
    return Draft()


def by(draft, now=NOW):
    return {"actor": draft.organizer, "now": now}


def test_a_complete_draft_lacks_nothing(draft):
    assert missing_for_publication(draft.challenge, NOW) == []
    assert rules.why_not_publish(draft.challenge, draft.organizer, []) is None


def test_a_new_draft_says_all_that_is_missing():
    host = factories.make_host()
    organizer = factories.make_user(member_of=host)
    challenge = services.create_challenge(host, replace(BASICS, title=Bilingual("제목", "")), actor=organizer, now=NOW)
    missing = missing_for_publication(challenge, NOW)
    assert {m.section for m in missing} >= {
        Section.BASICS,
        Section.THEMES,
        Section.FORM,
        Section.RUBRIC,
    }
    with pytest.raises(RuleBroken, match="things are missing"):
        services.publish_challenge(challenge, actor=organizer, now=NOW)


def test_points_must_add_up_to_exactly_100(draft):
    off = replace(RUBRIC, criteria=[CRITERIA[0], replace(CRITERIA[1], points=Decimal("39.5"))])
    services.set_rubric(draft.challenge, off, **by(draft))
    with pytest.raises(RuleBroken, match=r"99\.5"):
        draft.publish()


def test_publishing_freezes_version_1_under_its_hash(draft):
    first = draft.publish()
    assert draft.challenge.state is ChallengeState.PUBLISHED
    assert (first.number, first.reason) == (1, "")
    assert first.sha256 == canonical_sha256(first.content)
    assert first.content["rubric"][0]["criteria"][0]["points"] == "60"
    db.session.commit()
    db.session.expire_all()
    stored = db.session.scalar(sa.select(RulesVersion))
    assert canonical_sha256(stored.content) == stored.sha256
    with pytest.raises(RuleBroken, match="already"):
        draft.publish()


def test_a_change_after_publication_needs_a_reason_and_makes_a_version(draft):
    draft.publish()
    longer = replace(SCHEDULE, closes_at=seoul("2022-10-05T18:00"))
    with pytest.raises(InputRefused, match="reason") as refused:
        services.set_schedule(draft.challenge, longer, **by(draft))
    assert refused.value.field == "reason"
    db.session.rollback()


def test_a_material_change_tells_applicants_by_a_job(draft):
    draft.publish()
    later = replace(SCHEDULE, closes_at=seoul("2022-10-05T18:00"))
    services.set_schedule(draft.challenge, later, **by(draft), change=Change("접수 연장", material=True))
    second = db.session.scalar(sa.select(RulesVersion).where(RulesVersion.number == 2))
    assert (second.reason, second.material) == ("접수 연장", True)
    job = db.session.scalar(sa.select(Job).where(Job.kind == "applications.tell_of_change"))
    assert job.key == f"tell-of-change:{second.id}"
    assert job.payload == {"challenge_id": str(draft.challenge.id), "rules_version_id": str(second.id)}


def test_saving_without_a_change_makes_no_version(draft):
    draft.publish()
    before = draft.challenge.version
    services.set_schedule(draft.challenge, SCHEDULE, **by(draft))
    services.set_prizes(
        draft.challenge, [PrizeRow(p.title, p.count, p.amount_krw, p.id) for p in draft.challenge.prizes], **by(draft)
    )
    assert draft.challenge.version == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RulesVersion)) == 1


def test_a_stale_version_stores_nothing(draft):
    seen = draft.challenge.version
    services.set_basics(draft.challenge, replace(BASICS, title=Bilingual("새 제목", "New")), **by(draft), version=seen)
    with pytest.raises(StaleEdit) as stale:
        services.set_basics(draft.challenge, BASICS, **by(draft), version=seen)
    assert stale.value.current == seen + 1
    assert draft.challenge.title.en == "New"


def test_rows_are_matched_by_code_and_keep_their_ids(draft):
    before = {c.code: c.id for c in draft.challenge.rounds[0].criteria}
    turned = replace(RUBRIC, criteria=[CRITERIA[1], replace(CRITERIA[0], title=Bilingual("적합", "Fit"))])
    services.set_rubric(draft.challenge, turned, **by(draft))
    after = draft.challenge.rounds[0].criteria
    assert [c.code for c in after] == ["team", "fit"]
    assert {c.code: c.id for c in after} == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Criterion)) == 2


def test_a_theme_with_applications_is_not_removed(draft):
    services.set_themes(draft.challenge, themes_of(draft.sponsor, draft.sponsor), **by(draft))
    draft.publish()
    factories.make_application(draft.challenge, theme=1)
    with pytest.raises(RuleBroken, match="applications refer to it"):
        services.set_themes(draft.challenge, themes_of(draft.sponsor), **by(draft), change=Change("과제 삭제"))
    db.session.rollback()


def test_a_theme_without_applications_is_removed(draft):
    services.set_themes(draft.challenge, themes_of(draft.sponsor, draft.sponsor), **by(draft))
    services.set_themes(draft.challenge, themes_of(draft.sponsor), **by(draft))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Theme)) == 1


def test_a_consent_that_applicants_decided_on_keeps_its_purpose(draft):
    draft.publish()
    given = make_form(consents=[PRIVACY, replace(SHARING, shares_with_sponsor=False)])
    with pytest.raises(RuleBroken, match="keeps its purpose"):
        services.set_form(draft.challenge, given, **by(draft), change=Change("x"))


def test_a_form_that_cannot_be_asked_is_refused_with_its_questions(draft):
    circle = change_question(draft.challenge.form, "summary", condition=Condition("summary", Comparison.IS_ANSWERED))
    with pytest.raises(InputRefused) as refused:
        services.set_form(draft.challenge, circle, **by(draft))
    assert [(p.field, p.sentence) for p in refused.value.problems] == [
        ("question.summary.condition", "The conditions go in a circle: it would depend on itself.")
    ]


def test_a_form_in_public_takes_a_reason_and_makes_a_version(draft):
    first = draft.publish()
    db.session.commit()
    form = change_question(draft.challenge.form, "summary", limit=500)
    with pytest.raises(InputRefused, match="Give the reason"):
        services.set_form(draft.challenge, form, **by(draft))
    db.session.rollback()
    services.set_form(draft.challenge, form, **by(draft), change=Change("글자 수 확대"))
    latest = db.session.scalars(sa.select(RulesVersion).order_by(RulesVersion.number.desc())).first()
    assert latest.number == first.number + 1
    assert difference(form_of(first.content), form_of(latest.content)) == ["“Summary”: at most 500 characters now."]
    kinds = list(db.session.scalars(sa.select(Job.kind)))
    assert kinds.count("applications.carry_over") == kinds.count("applications.tell_of_change") == 1


def test_a_theme_that_the_form_asks_for_stays(draft):
    form = change_question(draft.challenge.form, "summary", themes=("T1",))
    services.set_form(draft.challenge, form, **by(draft))
    renamed = [replace(row, code="X1") for row in themes_of(*draft.sponsors)]
    with pytest.raises(RuleBroken, match="does not fit these themes: This call has no theme “T1”"):
        services.set_themes(draft.challenge, renamed, **by(draft))


def test_judging_freezes_the_rubric(draft):
    draft.publish()
    draft.challenge.state = ChallengeState.JUDGING
    db.session.flush()
    with pytest.raises(RuleBroken, match="Judging has begun"):
        services.set_rubric(draft.challenge, RUBRIC, **by(draft), change=Change("x"))
    with pytest.raises(RuleBroken, match="as applicants answered it"):
        services.set_form(draft.challenge, make_form(SUMMARY, consents=[PRIVACY]), **by(draft), change=Change("x"))


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        (Schedule(seoul("2022-10-05T17:00"), seoul("2022-10-05T17:00")), "closes_at"),
        (Schedule(seoul("2022-09-01T17:00"), seoul("2022-09-19T17:00")), "closes_at"),
        (
            replace(SCHEDULE, steps=[Step(MilestoneKind.PITCH, seoul("2022-10-01T00:00"), seoul("2022-10-14T00:00"))]),
            "pitch_starts",
        ),
        (
            replace(SCHEDULE, steps=[Step(MilestoneKind.PITCH, seoul("2022-10-15T00:00"), seoul("2022-10-14T00:00"))]),
            "pitch_ends",
        ),
        (
            replace(
                SCHEDULE,
                steps=[
                    Step(MilestoneKind.DOCUMENT_REVIEW, seoul("2022-10-07T00:00"), seoul("2022-10-14T23:59")),
                    Step(MilestoneKind.PITCH, seoul("2022-10-14T00:00"), seoul("2022-10-14T23:59")),
                ],
            ),
            "pitch_starts",
        ),
    ],
)
def test_bad_schedules_are_refused_beside_their_field(draft, schedule, field):
    with pytest.raises(InputRefused) as refused:
        services.set_schedule(draft.challenge, schedule, **by(draft))
    assert [p.field for p in refused.value.problems] == [field]


def test_the_close_does_not_move_once_it_is_over(draft):
    draft.publish()
    after = SCHEDULE.closes_at + timedelta(seconds=1)
    with pytest.raises(InputRefused, match="cannot move"):
        services.set_schedule(
            draft.challenge,
            replace(SCHEDULE, closes_at=seoul("2022-10-05T20:00")),
            **by(draft, after),
            change=Change("x"),
        )


def test_the_sponsor_reviews_by_mail_and_page(draft):
    services.send_to_sponsors(draft.challenge, **by(draft))
    asked = db.session.scalars(sa.select(Mail)).all()
    assert [m.to_address for m in asked] == [draft.reviewer.email]
    with pytest.raises(RuleBroken, match="reviewing"):
        services.set_basics(draft.challenge, BASICS, **by(draft))
    with pytest.raises(RuleBroken, match="has not answered"):
        draft.publish()
    with pytest.raises(InputRefused, match="what should change"):
        services.review_challenge(draft.challenge, SponsorVerdict.CHANGES, " ", actor=draft.reviewer, now=NOW)
    services.review_challenge(
        draft.challenge, SponsorVerdict.CHANGES, "예산을 밝혀 주세요.", actor=draft.reviewer, now=NOW
    )
    with pytest.raises(RuleBroken, match="asks for changes"):
        draft.publish()
    services.take_back_to_draft(draft.challenge, **by(draft))
    services.send_to_sponsors(draft.challenge, **by(draft, NOW + timedelta(hours=1)))
    services.review_challenge(draft.challenge, SponsorVerdict.APPROVED, actor=draft.reviewer, now=NOW)
    draft.publish()
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.action == "challenges.publish_challenge"))
    assert event.details["reviewed_by_sponsors"] is True


def test_only_a_sponsor_of_the_call_reviews(draft):
    services.send_to_sponsors(draft.challenge, **by(draft))
    stranger = factories.make_user(member_of=factories.make_sponsor())
    for actor in (stranger, draft.organizer):
        with pytest.raises(RuleBroken, match="Only the staff of a sponsor"):
            services.review_challenge(draft.challenge, SponsorVerdict.APPROVED, actor=actor, now=NOW)


def test_closing_waits_for_the_last_second(draft):
    draft.publish()
    with pytest.raises(RuleBroken, match="open until"):
        services.close_challenge(
            draft.challenge, actor=draft.organizer, now=SCHEDULE.closes_at + timedelta(microseconds=999_999)
        )
    services.close_challenge(draft.challenge, actor=None, now=SCHEDULE.closes_at + timedelta(seconds=1))
    assert draft.challenge.state is ChallengeState.CLOSED


def test_cancelling_needs_a_reason_and_tells_applicants(draft):
    draft.publish()
    with pytest.raises(InputRefused, match="reason"):
        services.cancel_challenge(draft.challenge, "  ", **by(draft))
    services.cancel_challenge(draft.challenge, "예산 철회", **by(draft))
    assert draft.challenge.cancel_reason == "예산 철회"
    assert db.session.scalar(sa.select(Job.payload).where(Job.kind == "applications.tell_of_cancellation")) == {
        "challenge_id": str(draft.challenge.id)
    }
    with pytest.raises(RuleBroken):
        services.cancel_challenge(draft.challenge, "또", **by(draft))


def test_a_cancelled_draft_was_never_public(draft):
    services.cancel_challenge(draft.challenge, "중단", **by(draft))
    assert not rules.is_public(draft.challenge)
    assert db.session.scalar(sa.select(Job).where(Job.kind == "applications.tell_of_cancellation")) is None


def test_strangers_change_nothing(draft):
    stranger = factories.make_user(member_of=factories.make_host())
    acts = (
        lambda: services.set_basics(draft.challenge, BASICS, actor=stranger, now=NOW),
        lambda: services.publish_challenge(draft.challenge, actor=stranger, now=NOW),
        lambda: services.send_to_sponsors(draft.challenge, actor=stranger, now=NOW),
        lambda: services.cancel_challenge(draft.challenge, "x", actor=stranger, now=NOW),
        lambda: services.archive_challenge(draft.challenge, actor=stranger, now=NOW),
        lambda: services.create_challenge(draft.host, replace(BASICS, slug="other"), actor=stranger, now=NOW),
        lambda: services.create_challenge(draft.sponsor, replace(BASICS, slug="o"), actor=draft.reviewer, now=NOW),
    )
    for act in acts:
        with pytest.raises(RuleBroken, match="Only"):
            act()


def test_an_address_is_taken_once(draft):
    with pytest.raises(InputRefused, match="already") as refused:
        services.create_challenge(draft.host, BASICS, **by(draft))
    assert refused.value.field == "slug"


@pytest.mark.parametrize("slug", ["", "-a", "a--b", "A", "가", "a/b", "../x", "a" * 81, "a\n"])
def test_a_bad_address_is_refused(draft, slug):
    with pytest.raises(InputRefused) as refused:
        services.set_basics(draft.challenge, replace(BASICS, slug=slug), **by(draft))
    assert refused.value.field == "slug"


def test_staff_of_one_challenge(draft):
    person = factories.make_user("최도움")
    services.add_staff(draft.challenge, person.email.upper(), drafts_role("observer"), **by(draft))
    assert rules.may_observe(person, draft.challenge)
    assert not rules.is_organizer_of(person, draft.challenge)
    services.add_staff(draft.challenge, person.email, drafts_role("organizer"), **by(draft))
    assert rules.is_organizer_of(person, draft.challenge)
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Mail).where(Mail.template == "challenges/staff_added"))
        == 2
    )
    services.remove_staff(draft.challenge, person, **by(draft))
    assert not rules.may_observe(person, draft.challenge)
    with pytest.raises(RuleBroken, match="has an account"):
        services.add_staff(draft.challenge, "nobody@example.org", drafts_role("observer"), **by(draft))


def drafts_role(name):
    return ChallengeRole(name)


def test_every_change_leaves_a_trail(draft):
    services.set_basics(draft.challenge, replace(BASICS, title=Bilingual("새 제목", "New")), **by(draft))
    actions = list(db.session.scalars(sa.select(AuditEvent.action)))
    for section in Section:
        if section is not Section.ATTACHMENTS:
            assert f"challenges.set_{section.value}" in actions
    assert (
        drafts.BASICS.slug
        == db.session.scalar(sa.select(AuditEvent.details).where(AuditEvent.action == "challenges.create_challenge"))[
            "slug"
        ]
    )


def test_a_published_call_stays_complete(draft):
    draft.publish()
    off = replace(RUBRIC, criteria=[CRITERIA[0], replace(CRITERIA[1], points=Decimal(30))])
    with pytest.raises(InputRefused, match="add up to 90"):
        services.set_rubric(draft.challenge, off, **by(draft), change=Change("배점 변경"))
    db.session.rollback()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda d, who: services.set_themes(d.challenge, [], **who), "At least one theme"),
        (lambda d, who: services.set_form(d.challenge, make_form(consents=[SHARING]), **who), "A required consent"),
        (
            lambda d, who: services.set_basics(d.challenge, replace(BASICS, title=Bilingual("제목", "")), **who),
            "English text is missing",
        ),
        (
            lambda d, who: services.set_schedule(
                d.challenge, Schedule(SCHEDULE.opens_at, seoul("2022-10-09T17:00"), SCHEDULE.steps[1:]), **who
            ),
            "The round begins after applications close",
        ),
    ],
)
def test_no_change_of_a_published_call_takes_away_what_it_needs(draft, act, sentence):
    draft.publish()
    with pytest.raises(InputRefused, match=sentence):
        act(draft, by(draft) | {"change": Change("변경")})
    db.session.rollback()
