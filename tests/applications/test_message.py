"""A message of the organizer to a group of applicants: rendered for each in their language, held until it is let go."""

import pytest
import sqlalchemy as sa

from app.applications.states import ApplicationState
from app.challenges.states import ChallengeState
from app.core.database import db
from app.mail.models import Mail, MailBatch
from app.mail.states import MailState
from tests import factories
from tests.accounts.mailbox import run_jobs
from tests.factories import make_application, make_challenge, make_user


class Scene:
    def __init__(self, state=ChallengeState.CLOSED):
        self.challenge = make_challenge(state=state)
        self.organizer = make_user("박새롬", member_of=self.challenge.host, language="en")
        self.path = f"/manage/{self.challenge.id}/mails/write"
        self.people = {}
        for state_, theme, language in (
            (ApplicationState.SUBMITTED, 0, "ko"), (ApplicationState.ELIGIBLE, 0, "en"), (ApplicationState.ELIGIBLE, 1, "ko"),
            (ApplicationState.DRAFT, 0, "ko"),
        ):  # fmt: skip
            startup = factories.make_organization()
            self.people[state_, theme] = make_user("김하나", member_of=startup, language=language).email
            make_application(self.challenge, startup=startup, state=state_, theme=theme)
        db.session.commit()


def typed(**values):
    return {
        "subject_ko": "안내 {{ receipt_number }}",
        "body_ko": "{{ name }}님께",
        "subject_en": "",
        "body_en": "",
    } | values


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.to_address)))


def test_a_message_is_written_for_each_and_held(app, browse_as):
    scene = Scene()
    answer = browse_as(scene.organizer).post(
        scene.path, data=typed(subject_en="News", body_en="Dear {{ name }} of {{ company }}")
    )
    assert answer.status_code == 303
    run_jobs(app)
    run_jobs(app)
    assert {m.to_address for m in mails()} == {v for k, v in scene.people.items() if k[0] is not ApplicationState.DRAFT}
    assert {m.state for m in mails()} == {MailState.HELD}
    english = next(m for m in mails() if m.language == "en")
    assert english.subject == "News"
    assert english.text.startswith("Dear 김하나 of Company")
    assert all(m.about_id for m in mails())


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"states": ["eligible"]}, 2), ({"states": ["eligible"], "theme": "T1"}, 1), ({"theme": "T2"}, 1), ({}, 3), ({"states": ["draft"]}, 3)],
)  # fmt: skip
def test_the_group_is_what_was_chosen_and_never_a_draft(app, browse_as, asked, found):
    scene = Scene()
    browse_as(scene.organizer).post(scene.path, data=typed(**asked))
    run_jobs(app)
    assert len(mails()) == found
    assert scene.people[ApplicationState.DRAFT, 0] not in {m.to_address for m in mails()}


def test_who_reads_the_other_language_gets_the_one_that_was_written(app, browse_as):
    scene = Scene()
    browse_as(scene.organizer).post(scene.path, data=typed())
    run_jobs(app)
    assert {m.subject.partition(" ")[0] for m in mails()} == {"안내"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"subject_ko": "", "body_ko": ""}, "Write the message in Korean, in English, or in both."),
        ({"body_ko": ""}, "Write the text of the mail."),
        ({"body_ko": "{{ password }}"}, "There is no placeholder {{ password }} in this mail."),
        ({"subject_en": "Only a subject"}, "Write the text of the mail."),
        ({"states": ["correction"]}, "No application is in this group."),
    ],
)
def test_a_message_that_would_fail_is_given_back(app, browse_as, values, said):
    scene = Scene()
    answer = browse_as(scene.organizer).post(scene.path, data=typed(**values))
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(sa.select(MailBatch)) is None


def test_the_preview_counts_and_stores_nothing(browse_as):
    scene = Scene()
    answer = browse_as(scene.organizer).post(scene.path, data=typed(preview="yes", states=["eligible"]))
    assert answer.status_code == 200
    assert "It goes to the people of 2 applications." in answer.text
    assert db.session.scalar(sa.select(MailBatch)) is None


def test_behind_the_seal_nobody_is_written_to(app, browse_as):
    scene = Scene(ChallengeState.PUBLISHED)
    scene.challenge.sealed = True
    db.session.commit()
    answer = browse_as(scene.organizer).post(scene.path, data=typed())
    assert answer.status_code == 422
    assert "Sealed until the close" in answer.text
    preview = browse_as(scene.organizer).post(scene.path, data=typed(preview="yes"))
    assert "It goes to" not in preview.text
    run_jobs(app)
    assert mails() == []
