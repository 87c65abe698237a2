"""From the draft to the receipt, and back."""

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.profile import services as profiles
from app.accounts.profile.content import profile_texts
from app.accounts.profile.queries import get_profile
from app.applications import queries, services
from app.applications.content import read_submission
from app.applications.models import Document, Submission
from app.applications.rules import why_not_submit
from app.applications.services import DraftInput
from app.applications.states import ApplicationState
from app.challenges.form.changes import change_question
from app.challenges.form.model import Kind, Question
from app.challenges.form.parts import consents_of, documents_of
from app.challenges.states import ChallengeState
from app.core.audit.models import AuditEvent
from app.core.bilingual import Bilingual
from app.core.canonical import canonical_json, canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from app.core.merging import fingerprints
from app.mail.models import Mail
from tests import factories
from tests.applications.scenes import (
    AFTER,
    FULL,
    LAST_SECOND,
    OPEN,
    TOO_LATE,
    attach,
    fill,
    make_scene,
    make_submitted,
    submit,
    write_receipts,
)
from tests.files import PNG, office, pdf


def refusal(function, *arguments, **values) -> str:
    with pytest.raises(RuleBroken) as refused:
        function(*arguments, **values)
    return refused.value.sentence


# Starting


def test_a_startup_starts_one_application_for_each_theme():
    scene = make_scene()
    assert scene.application.state is ApplicationState.DRAFT
    assert (scene.application.contact_name, scene.application.contact_email) == (scene.person.name, scene.person.email)
    again = refusal(services.start_application, scene.challenge.themes[0], scene.startup, actor=scene.person, now=OPEN)
    assert "이미" in again or "already" in again
    other = services.start_application(scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN)
    assert other.theme_id == scene.challenge.themes[1].id


@pytest.mark.parametrize(
    "at", [factories.seoul("2022-09-05T09:59:59"), TOO_LATE], ids=["before it opens", "a second after the close"]
)
def test_nothing_starts_outside_the_time(at):
    scene = make_scene()
    refusal(services.start_application, scene.challenge.themes[1], scene.startup, actor=scene.person, now=at)


def test_nobody_starts_for_a_startup_that_is_not_theirs():
    scene = make_scene()
    stranger = factories.make_user(member_of=factories.make_organization())
    refusal(services.start_application, scene.challenge.themes[1], scene.startup, actor=stranger, now=OPEN)
    refusal(
        services.start_application, scene.challenge.themes[1], scene.challenge.host, actor=scene.organizer, now=OPEN
    )


def test_a_company_past_its_years_does_not_start():
    scene = make_scene()
    scene.startup.founded_on = date(2015, 9, 4)
    sentence = refusal(
        services.start_application, scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN
    )
    assert "2015. 9. 4." in sentence


# Saving


def test_a_draft_is_saved_incomplete_and_over_its_limit():
    scene = make_scene()
    draft = DraftInput(contact_phone="", answers={"summary": "가" * 378, "employees": "열둘"})
    services.save_draft(scene.application, draft, version=1, actor=scene.person, now=OPEN)
    assert scene.application.answers == {"summary": "가" * 378, "employees": "열둘"}
    assert scene.application.version == 2
    db.session.commit()


def test_html_and_control_characters_are_kept_as_text_or_dropped():
    scene = make_scene()
    draft = DraftInput(answers={"summary": "<script>alert(1)</script>\r\n\x00\x07둘째 줄\ud800"})
    services.save_draft(scene.application, draft, version=1, actor=scene.person, now=OPEN)
    db.session.commit()
    assert scene.application.answers["summary"] == "<script>alert(1)</script>\n둘째 줄?"


def test_a_stale_tab_overwrites_nothing():
    scene = make_scene()
    services.save_draft(
        scene.application, DraftInput(answers={"summary": "새 글"}), version=1, actor=scene.person, now=OPEN
    )
    with pytest.raises(StaleEdit) as stale:
        services.save_draft(
            scene.application, DraftInput(answers={"summary": "옛 글"}), version=1, actor=scene.person, now=OPEN
        )
    assert stale.value.current == 2
    assert scene.application.answers == {"summary": "새 글"}


def test_a_second_click_on_save_is_no_conflict():
    scene = make_scene()
    for _ in range(2):
        services.save_draft(
            scene.application, DraftInput(answers={"summary": "글"}), version=1, actor=scene.person, now=OPEN
        )
    assert scene.application.version == 2


def test_a_question_that_does_not_exist_is_refused():
    scene = make_scene()
    refusal(
        services.save_draft,
        scene.application,
        DraftInput(answers={"admin": "1"}),
        version=1,
        actor=scene.person,
        now=OPEN,
    )


def test_a_flood_of_text_is_refused():
    scene = make_scene()
    flood = DraftInput(answers={"summary": "가" * 50_001})
    assert "50,000" in refusal(services.save_draft, scene.application, flood, version=1, actor=scene.person, now=OPEN)


# Documents


def test_the_same_file_is_stored_once_and_replaced_at_once(storage):
    scene = make_scene()
    first = attach(scene, storage, pdf("one"), "../../첫째.pdf")
    assert (first.filename, first.media_type) == ("첫째.pdf", "application/pdf")
    second = attach(scene, storage, pdf("two"), "둘째.pdf")
    third = attach(scene, storage, pdf("two"), "셋째.pdf")
    assert second.sha256 == third.sha256
    assert [d.filename for d in scene.application.documents] == ["셋째.pdf"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.pdf", "0"),
        (PNG, "a.pdf", "PNG"),
        (pdf("x"), "a.png", ".png"),
        (pdf("x"), "a.exe", ".exe"),
        (pdf("x"), "a", "PDF"),
        (office("docx"), "a.pdf", "DOCX"),
        (pdf("x") + office("docx"), "a.pdf", ""),
        (b"<html>", "a.pdf", "PDF"),
        (b"%PDF-1.4" + bytes(20 * 1024 * 1024), "a.pdf", "20.0MB"),
    ],
)
def test_a_file_that_is_not_taken_leaves_the_earlier_one(storage, content, name, said):
    scene = make_scene()
    attach(scene, storage, name="ok.pdf")
    requirement = documents_of(scene.challenge.form)[0]
    with pytest.raises(RuleBroken) as refused:
        services.attach_document(
            scene.application, requirement, stream=io.BytesIO(content), filename=name, storage=storage, actor=scene.person, now=OPEN
        )  # fmt: skip
    assert refused.value.field == "doc-proposal"
    assert said in refused.value.sentence
    assert [d.filename for d in scene.application.documents] == ["ok.pdf"]


def test_a_document_of_another_call_is_refused(storage):
    scene = make_scene()
    with pytest.raises(RuleBroken):
        services.attach_document(
            scene.application, Question("of-another-call", Kind.FILE, Bilingual("서류", "Document"), types=("pdf",)), stream=io.BytesIO(pdf("x")), filename="x.pdf", storage=storage,
            actor=scene.person, now=OPEN,
        )  # fmt: skip


def test_an_old_certificate_is_kept_and_blocks(storage):
    scene = make_scene()
    fill(scene, storage)
    registration = documents_of(scene.challenge.form)[1]
    services.date_document(scene.application, registration, issued_on=date(2022, 5, 30), actor=scene.person, now=OPEN)
    db.session.expire_all()
    sentence = refusal(services.submit_application, scene.application, actor=scene.person, now=OPEN)
    assert "2022. 5. 30." in sentence
    assert "2022. 6. 25." in sentence
    for issued, fine in ((date(2022, 6, 25), True), (date(2022, 6, 24), False), (date(2022, 9, 21), False)):
        services.date_document(scene.application, registration, issued_on=issued, actor=scene.person, now=OPEN)
        db.session.expire_all()
        own = queries.get_application_for(scene.person, scene.application.id)
        assert (why_not_submit(own, [], scene.person, OPEN) is None) is fine


# Submitting


def test_a_submission_freezes_everything_under_its_hash(storage):
    scene = make_submitted(storage)
    application = scene.application
    submission = db.session.scalars(sa.select(Submission)).one()
    assert application.state is ApplicationState.SUBMITTED
    assert application.receipt_number == f"{scene.challenge.receipt_prefix}-001"
    assert scene.challenge.submitted_count == 1
    content = submission.content
    assert submission.sha256 == canonical_sha256(content)
    assert content["company"]["name"]["ko"] == "두레신용(가상)"
    assert content["contact"] == {"name": "김하나", "email": "hana@example.org", "phone": "02-123-4567"}
    assert [(a["code"], a["answer"]) for a in content["answers"]] == [
        ("summary", "현금흐름 점수"), ("employees", "12"), ("site", "https://example.org"), ("prior", "no"),
    ]  # fmt: skip
    assert [d["code"] for d in content["documents"]] == ["proposal", "registration"]
    assert [(c["code"], c["given"]) for c in content["consents"]] == [("privacy", True), ("sponsor", True)]
    assert content["rules_version"]["number"] == 1
    actions = list(db.session.scalars(sa.select(AuditEvent.action)))
    assert "applications.submit_application" in actions


def test_the_receipt_goes_out_by_mail_in_each_persons_language(storage):
    scene = make_scene()
    factories.make_user("Ann", member_of=scene.startup, language="en", email="ann@example.org")
    fill(scene, storage)
    submission = submit(scene)
    write_receipts()
    mails = {mail.to_address: mail for mail in db.session.scalars(sa.select(Mail))}
    assert set(mails) == {scene.person.email, "ann@example.org", "hana@example.org"}
    english = mails["ann@example.org"]
    assert english.subject == f"Application received: {scene.application.receipt_number}"
    for mail in mails.values():
        assert submission.sha256 in mail.text
        assert scene.application.receipt_number in mail.text


def test_a_second_submit_gets_the_same_submission(storage):
    scene = make_submitted(storage)
    first = db.session.scalars(sa.select(Submission)).one()
    mails = db.session.scalar(sa.select(sa.func.count()).select_from(Mail))
    again = services.submit_application(scene.application, actor=scene.person, now=TOO_LATE)
    assert again.id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == mails
    assert scene.challenge.receipts_given == 1


def test_what_was_not_read_is_not_submitted(storage):
    scene = make_scene()
    fill(scene, storage)
    with pytest.raises(StaleEdit):
        services.submit_application(scene.application, actor=scene.person, now=OPEN, seen="0" * 64)
    assert scene.application.state is ApplicationState.DRAFT


@pytest.mark.parametrize(("at", "taken"), [(LAST_SECOND, True), (TOO_LATE, False)])
def test_the_close_counts_to_the_second(storage, at, taken):
    scene = make_scene()
    fill(scene, storage)
    if taken:
        assert submit(scene, at).submitted_at == at
    else:
        sentence = refusal(services.submit_application, scene.application, actor=scene.person, now=at)
        assert "2022. 9. 23.(금) 17:00" in sentence


def test_after_the_close_nothing_changes(storage):
    scene = make_submitted(storage)
    application, person = scene.application, scene.person
    verbs = [
        lambda: services.save_draft(application, FULL, version=application.version, actor=person, now=TOO_LATE),
        lambda: attach(scene, storage, now=TOO_LATE),
        lambda: services.remove_document(
            application, documents_of(scene.challenge.form)[0], actor=person, now=TOO_LATE
        ),
        lambda: services.set_consents(application, {"privacy": False}, language="ko", actor=person, now=TOO_LATE),
        lambda: services.reopen_application(application, actor=person, now=TOO_LATE),
        lambda: services.withdraw_application(application, actor=person, now=TOO_LATE),
    ]
    for verb in verbs:
        assert "2022. 9. 23.(금) 17:00" in refusal(verb)


def test_a_submitted_application_is_not_changed_unless_reopened(storage):
    scene = make_submitted(storage)
    remove = services.remove_document
    refusal(remove, scene.application, documents_of(scene.challenge.form)[0], actor=scene.person, now=OPEN)
    assert len(scene.application.documents) == 2


@pytest.mark.parametrize("code", ["privacy", "sponsor"])
def test_only_a_required_consent_blocks(storage, code):
    scene = make_scene()
    fill(scene, storage)
    services.set_consents(scene.application, {code: False}, language="ko", actor=scene.person, now=OPEN)
    if code == "privacy":
        assert "개인정보" in refusal(services.submit_application, scene.application, actor=scene.person, now=OPEN)
    else:
        assert submit(scene).content["consents"][1]["given"] is False


def test_a_consent_binds_to_the_text_that_was_shown(storage):
    scene = make_scene()
    fill(scene, storage)
    for consent in consents_of(scene.challenge.form):
        text = Bilingual("다른 글", "Another text")
        scene.challenge.form = change_question(scene.challenge.form, consent.code, text=text)
    db.session.flush()
    refusal(services.submit_application, scene.application, actor=scene.person, now=OPEN)
    services.set_consents(scene.application, {"privacy": True}, language="ko", actor=scene.person, now=OPEN)
    assert [c["given"] for c in submit(scene).content["consents"]] == [True, False]


# Reopening, withdrawing


def test_a_reopened_application_stands_with_its_last_submission(storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    services.save_draft(
        scene.application, DraftInput(answers={"summary": "고친 글"}), version=scene.application.version, actor=scene.person, now=OPEN
    )  # fmt: skip
    attach(scene, storage, pdf("new"), "새것.pdf")
    services.remove_document(scene.application, documents_of(scene.challenge.form)[1], actor=scene.person, now=OPEN)
    db.session.commit()
    assert scene.application.state is ApplicationState.DRAFT
    assert scene.challenge.submitted_count == 1
    assert services.settle_due(now=LAST_SECOND) == 0
    assert services.settle_due(now=TOO_LATE) == 1
    db.session.commit()
    application = scene.application
    assert application.state is ApplicationState.SUBMITTED
    assert application.answers["summary"] == "현금흐름 점수"
    assert sorted(d.filename for d in application.documents) == ["사업자등록증.pdf", "제안서.pdf"]
    assert application.unsent["answer-summary"] == "고친 글"
    sent = queries.submitted_content(application)
    assert {d.id for d in sent.documents} <= {d.id for d in application.documents}
    assert services.settle_due(now=AFTER) == 0


def test_a_reopened_application_submitted_again_keeps_its_number(storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    second = submit(scene, OPEN + timedelta(minutes=1))
    assert second.number == 2
    assert scene.application.receipt_number.endswith("-001")
    assert (scene.challenge.submitted_count, scene.challenge.receipts_given) == (1, 1)


def test_a_withdrawn_application_stands_no_more_not_even_reopened(storage):
    scene = make_submitted(storage)
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    assert scene.challenge.submitted_count == 0
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    db.session.commit()
    assert services.settle_due(now=TOO_LATE) == 0
    assert scene.application.state is ApplicationState.DRAFT
    assert queries.submitted_content(scene.application) is None


def test_a_withdrawn_application_may_come_back_in_time(storage):
    scene = make_submitted(storage)
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    assert submit(scene).number == 2
    assert scene.application.receipt_number.endswith("-001")
    assert scene.challenge.submitted_count == 1


def test_a_cancelled_challenge_takes_nothing(storage):
    scene = make_scene()
    fill(scene, storage)
    scene.challenge.state = ChallengeState.CANCELLED
    db.session.flush()
    refusal(services.submit_application, scene.application, actor=scene.person, now=OPEN)


def test_others_can_do_nothing_with_it(storage):
    scene = make_scene()
    fill(scene, storage)
    stranger = factories.make_user(member_of=factories.make_organization())
    for person in (stranger, scene.organizer):
        refusal(services.submit_application, scene.application, actor=person, now=OPEN)
        refusal(services.save_draft, scene.application, FULL, version=1, actor=person, now=OPEN)
        refusal(attach, scene, storage, actor=person)
        refusal(services.withdraw_application, scene.application, actor=person, now=OPEN)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document)) == 2


@pytest.mark.parametrize(
    "contact", ["a@one.example,b@two.example", "a@one.example\nBcc: b@two.example", "Ann <a@one.example>"]
)
def test_no_mail_goes_to_a_contact_that_is_not_one_address(storage, contact):
    """A draft keeps whatever is typed, and its applicants are told of withdrawing from the draft, too."""
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    draft = DraftInput(contact_email=contact)
    services.save_draft(scene.application, draft, version=scene.application.version, actor=scene.person, now=OPEN)
    assert why_not_submit(scene.application, [], scene.person, OPEN)
    db.session.execute(sa.delete(Mail))
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    assert list(db.session.scalars(sa.select(Mail.to_address))) == [scene.person.email]


def test_editing_the_profile_changes_nothing_that_was_sent(storage):
    scene = make_scene()
    facts = {"region": "11", "employees": "12", "one_line_ko": "처음의 한 줄"}
    profiles.edit_profile(scene.startup, facts, bases={}, actor=scene.person, now=OPEN)
    profiles.add_team_member(scene.startup, name="이기술", role="CTO", career="", actor=scene.person, now=OPEN)
    fill(scene, storage)
    submission = submit(scene)
    before = canonical_json(submission.content)
    standing = fingerprints(profile_texts(get_profile(scene.startup), []))
    profiles.edit_profile(
        scene.startup,
        {"region": "26", "employees": "50", "one_line_ko": "새 한 줄"},
        bases=standing,
        actor=scene.person,
        now=AFTER,
    )
    profiles.remove_team_member(scene.startup, get_profile(scene.startup).team[0], actor=scene.person, now=AFTER)
    db.session.commit()
    db.session.expire_all()
    sent = read_submission(submission, whole=True)
    assert canonical_json(submission.content) == before
    assert submission.sha256 == canonical_sha256(submission.content)
    assert sent.company["profile"]["region"] == "11"
    assert sent.company["profile"]["team"] == [{"name": "이기술", "role": "CTO", "career": ""}]
    assert "profile" not in read_submission(submission, whole=False).company
