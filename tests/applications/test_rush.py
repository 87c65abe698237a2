"""The last minute: many submit at once, and each of them twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import url_for

from app.accounts.models import Membership, MembershipRole
from app.applications import services
from app.applications.content import shares_with_sponsor
from app.applications.jobs import settle_applications
from app.applications.models import Application, Submission
from app.challenges.chores import close_due_challenges
from app.challenges.models import Challenge
from app.core.database import begin_writing, db
from app.core.errors import RuleBroken, StaleEdit
from app.mail.models import Mail
from app.web.clock import LONGEST_WAIT, arrival
from tests import factories
from tests.applications.scenes import (
    FULL,
    LAST_SECOND,
    OPEN,
    Scene,
    attach,
    confirm,
    fill,
    make_scene,
    make_submitted,
    write_receipts,
)
from tests.files import pdf


def test_many_submit_at_once_and_each_gets_one_number(app, browse_as, storage):
    challenge = factories.make_challenge()
    browsers = []
    for _ in range(6):
        startup = factories.make_organization()
        person = factories.make_user(member_of=startup)
        application = services.start_application(challenge.themes[0], startup, actor=person, now=OPEN)
        draft = services.DraftInput(contact_phone=FULL.contact_phone, answers={"summary": "글"})
        services.save_draft(application, draft, version=1, actor=person, now=OPEN)
        attach(Scene(challenge, startup, person, person, application), storage)
        confirm(Scene(challenge, startup, person, person, application))
        services.set_consents(application, {"privacy": True}, language="ko", actor=person, now=OPEN)
        db.session.commit()
        with app.test_request_context():
            address = url_for("applications.submit_application", application_id=application.id)
        browsers += [(browse_as(person), address), (browse_as(person), address)]
    db.session.commit()
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(pair[1]), browsers))
    assert all(answer.status_code == 303 and answer.location.endswith("/receipt") for answer in answers)
    db.session.rollback()
    numbers = db.session.scalars(sa.select(Application.receipt_number).order_by(Application.receipt_number))
    assert list(numbers) == [f"{challenge.receipt_prefix}-{n:03d}" for n in range(1, 7)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 6
    write_receipts()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) == 6
    counts = sa.select(Challenge.receipts_given, Challenge.submitted_count).where(Challenge.id == challenge.id)
    assert tuple(db.session.execute(counts).one()) == (6, 6)


# Before the lock, and in line


def test_what_was_read_before_the_lock_is_read_again_where_it_changed(storage):
    scene = make_scene()
    fill(scene, storage)
    ready = services.get_ready(scene.application, actor=scene.person, now=OPEN)
    draft = services.DraftInput(answers={"summary": "그 사이에 고친 글"})
    services.save_draft(
        scene.application, draft, version=scene.application.version, actor=scene.person, now=LAST_SECOND
    )
    db.session.commit()
    submission = services.submit_application(scene.application, actor=scene.person, now=LAST_SECOND, ready=ready)
    assert "그 사이에 고친 글" in str(submission.content)


def test_what_was_seen_is_held_to_what_is_sent(storage):
    scene = make_scene()
    fill(scene, storage)
    ready = services.get_ready(scene.application, actor=scene.person, now=OPEN)
    attach(scene, storage, pdf("another"), now=LAST_SECOND)
    db.session.commit()
    with pytest.raises(StaleEdit):
        services.submit_application(
            scene.application, actor=scene.person, now=LAST_SECOND, seen=ready.fingerprint, ready=ready
        )


@pytest.mark.parametrize("taken", [sa.update(Membership).values(role=MembershipRole.MEMBER), sa.delete(Membership)])
def test_who_may_submit_no_more_is_noticed_under_the_lock(storage, taken):
    scene = make_scene()
    fill(scene, storage)
    ready = services.get_ready(scene.application, actor=scene.person, now=OPEN)
    db.session.execute(taken.where(Membership.user_id == scene.person.id).execution_options(synchronize_session=False))
    with pytest.raises(RuleBroken):
        services.submit_application(scene.application, actor=scene.person, now=OPEN, ready=ready)


def test_a_consent_taken_back_meanwhile_is_not_sent_as_given(storage):
    scene = make_scene()
    fill(scene, storage)
    ready = services.get_ready(scene.application, actor=scene.person, now=OPEN)
    services.withdraw_consent(scene.application, "sponsor", actor=scene.person, now=LAST_SECOND)
    db.session.commit()
    submission = services.submit_application(scene.application, actor=scene.person, now=LAST_SECOND, ready=ready)
    assert not shares_with_sponsor(submission.content)


def test_who_came_in_time_is_in_however_long_the_line_was(app, browse_as, storage, clock):
    scene = make_scene()
    fill(scene, storage)
    db.session.commit()
    with app.test_request_context():
        address = url_for("applications.submit_application", application_id=scene.application.id)
    browser = browse_as(scene.person)
    clock.time = LAST_SECOND + LONGEST_WAIT - timedelta(seconds=2)  # the worker has been by in between
    close_due_challenges()
    settle_applications()
    late = browser.post(address)
    assert late.location.endswith(str(scene.application.id))  # sent after the close
    token = arrival.set(LAST_SECOND)
    try:
        assert browser.post(address).location.endswith("/receipt")
    finally:
        arrival.reset(token)
    db.session.rollback()
    assert db.session.scalars(sa.select(Submission.submitted_at)).one() == LAST_SECOND


def test_a_second_click_asks_for_no_lock(app, browse_as, storage, statements):
    scene = make_submitted(storage)
    with app.test_request_context():
        address = url_for("applications.submit_application", application_id=scene.application.id)
    browser = browse_as(scene.person)
    statements.statements.clear()
    assert browser.post(address).location.endswith("/receipt")
    assert all(statement.startswith("SELECT") for statement in statements.statements)


def test_nothing_may_be_changed_before_the_lock():
    factories.make_challenge()
    db.session.commit()
    db.session.scalars(sa.select(Challenge)).one().receipts_given = 7
    with pytest.raises(RuntimeError, match="only reads"):
        begin_writing(keep=True)
    db.session.rollback()
