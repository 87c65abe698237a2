"""Who gets which answer from the routes of challenges."""

from app.challenges.models import Attachment, ChallengeRole, ChallengeStaff, Inquiry, SponsorReview
from app.challenges.states import ChallengeState
from app.core.database import db
from app.mail.services import open_batch, queue_mail
from tests import factories
from tests.access import Row

DRAFT, REVIEW, PUBLISHED = ChallengeState.DRAFT, ChallengeState.SPONSOR_REVIEW, ChallengeState.PUBLISHED

#            visitor stranger startup judge sponsor organizer other_organizer other_sponsor
EVERYBODY = "200     200      200     200   200     200       200             200"
ORGANIZER = "303     404      404     404   404     200       404             404"
ACTS = "303     404      404     404   404     303       404             404"


def one(scene):
    return {"challenge_id": scene.challenge.id}


def public(scene):
    return {"slug": scene.challenge.slug}


def section(scene):
    return one(scene) | {"section": "basics"}


def with_attachment(scene):
    file = Attachment(
        challenge_id=scene.challenge.id, filename="공고.pdf", media_type="application/pdf", sha256="b" * 64, size=3
    )
    db.session.add(file)
    db.session.flush()
    scene.more["attachment"] = file.id


def attachment(scene):
    return one(scene) | {"attachment_id": scene.more["attachment"]}


def with_staff(scene):
    person = factories.make_user("최도움")
    db.session.add(ChallengeStaff(challenge_id=scene.challenge.id, user_id=person.id, role=ChallengeRole.OBSERVER))
    scene.more["person"] = person.id


def staff(scene):
    return one(scene) | {"user_id": scene.more["person"]}


def asked(scene):
    db.session.add(SponsorReview(challenge_id=scene.challenge.id, sponsor_id=scene.sponsor.id, asked_at=factories.NOW))


def answer(scene):
    return {"verdict": "approved", "version": str(scene.challenge.version)}


def with_mail(scene):
    """A held mail in a batch of its own."""
    batch = open_batch(scene.challenge.id, "applications/eligible", now=factories.NOW, held=True)
    mail = queue_mail(
        "hana@example.org", "challenges/staff_added", language="ko", now=factories.NOW, name="김하나", by="박새롬", observer=False,
        challenge_id=scene.challenge.id, batch=batch, challenge=scene.challenge,
    )  # fmt: skip
    scene.more["batch"], scene.more["mail"] = batch.id, mail.id


def batch(scene):
    return one(scene) | {"batch_id": scene.more["batch"]}


def mail(scene):
    return one(scene) | {"mail_id": scene.more["mail"]}


def kind(scene):
    return one(scene) | {"feature": "applications", "name": "eligible"}


def with_question(scene):
    question = Inquiry(
        challenge_id=scene.challenge.id, language="ko", text="공동 신청도 되나요?", asked_at=factories.NOW
    )
    db.session.add(question)
    db.session.flush()
    scene.more["question"] = question.id


def question(scene):
    return one(scene) | {"inquiry_id": scene.more["question"]}


def its_answer(_scene):
    return {"published_ko": "질문", "answer_ko": "답", "seen": "1", "reason": "이유"}


ACCESS = {
    "GET challenges.list_challenges": Row(EVERYBODY),
    "GET challenges.take_quiz": Row(EVERYBODY, public, state=PUBLISHED),
    "POST challenges.take_quiz": Row(EVERYBODY, public, state=PUBLISHED),
    "GET challenges.show_challenge": Row(EVERYBODY, public),
    "GET challenges.show_calendar": Row(EVERYBODY, public),
    "GET challenges.follow_calendar": Row(EVERYBODY),
    "GET challenges.follow_atom": Row(EVERYBODY),
    "GET challenges.follow_json": Row(EVERYBODY),
    # The stored row has no content behind it in these tests; what counts is that nobody is let into a draft's.
    "GET challenges.download_attachment": Row(
        "404     404      404     404   404     404       404             404",
        lambda s: public(s) | {"attachment_id": s.more["attachment"]},
        state=DRAFT,
        prepare=with_attachment,
    ),
    "GET challenges.list_managed": Row("303     404      404     404   404     200       200             404"),
    "GET challenges.create_challenge": Row("303     404      404     404   404     200       200             404"),
    "POST challenges.create_challenge": Row("303     404      404     404   404     422       422             404"),
    "GET challenges.show_managed": Row(ORGANIZER, one),
    "GET challenges.edit_challenge": Row(ORGANIZER, section),
    "POST challenges.edit_challenge": Row(
        "303     404      404     404   404     409       404             404", section, state=DRAFT
    ),
    "POST challenges.preview_markdown": Row(ORGANIZER, one),
    "GET challenges.preview_challenge": Row(ORGANIZER, one),
    "POST challenges.add_attachment": Row(ACTS, one),
    "POST challenges.remove_attachment": Row(ACTS, attachment, prepare=with_attachment),
    "POST challenges.send_to_sponsors": Row(ACTS, one, state=DRAFT),
    "POST challenges.send_mails_again": Row(ACTS, one),
    "POST challenges.take_back_to_draft": Row(ACTS, one, state=REVIEW),
    "POST challenges.publish_challenge": Row(ACTS, one, state=DRAFT),
    "POST challenges.close_challenge": Row(ACTS, one, state=PUBLISHED),
    "POST challenges.cancel_challenge": Row(ACTS, one, lambda _s: {"reason": "예산 철회"}),
    "POST challenges.archive_challenge": Row(ACTS, one, state=ChallengeState.RESULTS_OUT),
    "GET challenges.compose_form": Row(ORGANIZER, one),
    "POST challenges.change_form": Row(ACTS, one, lambda _s: {"do": "add:number"}, state=DRAFT),
    "GET challenges.ask_in_force": Row(ORGANIZER, one),
    "POST challenges.put_form_in_force": Row(
        "303     404      404     404   404     409       404             404", one, state=DRAFT
    ),
    "GET challenges.choose_form": Row(ORGANIZER, one),
    "POST challenges.replace_form": Row(
        "303     404      404     404   404     422       404             404", one, state=DRAFT
    ),
    "GET challenges.export_working_copy": Row(ORGANIZER, one),
    "GET challenges.show_form_schema": Row(EVERYBODY),
    "GET challenges.list_staff": Row(ORGANIZER, one),
    "POST challenges.list_staff": Row("303     404      404     404   404     422       404             404", one),
    "POST challenges.remove_staff": Row(ACTS, staff, prepare=with_staff),
    "GET challenges.show_trail": Row(ORGANIZER, one),
    "GET challenges.list_sponsored": Row("303     404      404     404   200     404       404             200"),
    "GET challenges.show_sponsored": Row("303     404      404     404   200     404       404             404", one),
    "POST challenges.review_challenge": Row(
        "303     404      404     404   303     404       404             404", one, answer, state=REVIEW, prepare=asked
    ),
    "GET challenges.list_mails": Row(ORGANIZER, one),
    "GET challenges.list_mail_texts": Row(ORGANIZER, one),
    "GET challenges.edit_mail_text": Row(ORGANIZER, kind),
    "POST challenges.edit_mail_text": Row("303     404      404     404   404     422       404             404", kind),
    "POST challenges.hold_kind": Row(ACTS, kind, lambda _s: {"hold": "yes"}),
    "POST challenges.reset_mail_text": Row(ACTS, kind, lambda _s: {"language": "ko"}),
    "GET challenges.show_batch": Row(ORGANIZER, batch, prepare=with_mail),
    "POST challenges.release_mails": Row(ACTS, batch, prepare=with_mail),
    "POST challenges.hold_mails_again": Row(
        "303     404      404     404   404     409       404             404", batch, prepare=with_mail
    ),
    "POST challenges.discard_mails": Row(ACTS, batch, prepare=with_mail),
    "GET challenges.show_mail": Row(ORGANIZER, mail, prepare=with_mail),
    "POST challenges.show_mail": Row(ACTS, mail, lambda _s: {"subject": "안내", "body": "본문"}, prepare=with_mail),
    "POST challenges.exclude_mail": Row(ACTS, mail, prepare=with_mail),
    "POST challenges.send_mail_again": Row(
        "303     404      404     404   404     409       404             404", mail, prepare=with_mail
    ),
    "GET challenges.ask_question": Row("303     200      200     200   200     200       200             200", public),
    "POST challenges.ask_question": Row("303     422      422     422   422     422       422             422", public),
    "GET challenges.list_inquiries": Row(ORGANIZER, one),
    "POST challenges.list_inquiries": Row(ACTS, one),
    "GET challenges.answer_question": Row(ORGANIZER, question, prepare=with_question),
    "POST challenges.answer_question": Row(ACTS, question, its_answer, prepare=with_question),
    "POST challenges.merge_question": Row(
        "303     404      404     404   404     422       404             404",
        question,
        its_answer,
        prepare=with_question,
    ),
    "POST challenges.decline_question": Row(ACTS, question, its_answer, prepare=with_question),
}
