"""Consents that are taken back: what follows at once, and what no clock undoes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import url_for

from app.applications import queries, services
from app.applications.queries.files import get_document_for
from app.applications.states import ApplicationState
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.applications.scenes import AFTER, OPEN, TOO_LATE, make_scene, make_submitted, submit


def reader_of(scene):
    return factories.make_user(member_of=scene.challenge.themes[0].sponsor)


def withdraw(scene, code, now=OPEN, actor=None):
    services.withdraw_consent(scene.application, code, actor=actor or scene.person, now=now)
    db.session.commit()


def test_the_sponsors_access_ends_at_once(storage):
    scene = make_submitted(storage)
    reader, document = reader_of(scene), scene.application.documents[0]
    assert len(queries.list_shared_for(reader, scene.challenge, AFTER)) == 1
    assert get_document_for(reader, scene.application.id, document.id, AFTER) is not None
    withdraw(scene, "sponsor", AFTER)
    assert queries.list_shared_for(reader, scene.challenge, AFTER) == []
    assert queries.get_shared_application_for(reader, scene.challenge, scene.application.id, AFTER) is None
    assert get_document_for(reader, scene.application.id, document.id, AFTER) is None
    assert scene.application.state is ApplicationState.SUBMITTED
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "applications.withdraw_consent")).one()
    assert event.details["consent"] == "sponsor"


def test_agreeing_again_before_the_close_opens_it_again(storage):
    scene = make_submitted(storage)
    withdraw(scene, "sponsor")
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    services.set_consents(scene.application, {"sponsor": True}, language="ko", actor=scene.person, now=OPEN)
    submit(scene)
    assert len(queries.list_shared_for(reader_of(scene), scene.challenge, AFTER)) == 1


def test_no_clock_gives_a_consent_back(storage):
    scene = make_submitted(storage)
    services.reopen_application(scene.application, actor=scene.person, now=OPEN)
    withdraw(scene, "sponsor")
    services.settle_due(now=TOO_LATE)
    db.session.commit()
    assert scene.application.state is ApplicationState.SUBMITTED
    assert {g.question: g.given for g in scene.application.consents} == {"privacy": True, "sponsor": False}
    assert queries.list_shared_for(reader_of(scene), scene.challenge, AFTER) == []


def test_without_a_required_consent_the_application_is_withdrawn(storage):
    scene = make_submitted(storage)
    withdraw(scene, "privacy")
    assert scene.application.state is ApplicationState.WITHDRAWN
    assert scene.challenge.submitted_count == 0
    actions = list(db.session.scalars(sa.select(AuditEvent.action)))
    assert {"applications.withdraw_consent", "applications.withdraw_application"} <= set(actions)


def test_a_draft_only_cannot_be_submitted_without_it(storage):
    scene = make_scene()
    services.set_consents(scene.application, {"privacy": True}, language="ko", actor=scene.person, now=OPEN)
    withdraw(scene, "privacy")
    assert scene.application.state is ApplicationState.DRAFT


def test_after_the_close_a_required_one_is_withdrawn_with_the_organizer(storage):
    scene = make_submitted(storage)
    with pytest.raises(RuleBroken, match=r"운영기관인 서울핀테크랩"):
        withdraw(scene, "privacy", TOO_LATE + timedelta(seconds=1))
    db.session.rollback()
    assert scene.application.state is ApplicationState.SUBMITTED


@pytest.mark.parametrize("code", ["privacy", "nothing", "summary", "sponsor"])
def test_only_what_was_given_is_taken_back_and_by_whom_it_belongs_to(storage, code):
    scene = make_submitted(storage)
    stranger = factories.make_user(member_of=factories.make_organization())
    with pytest.raises(RuleBroken):
        withdraw(scene, code, actor=stranger)
    db.session.rollback()
    if code in ("nothing", "summary"):
        with pytest.raises(RuleBroken):
            withdraw(scene, code)
    elif code == "sponsor":
        withdraw(scene, code)
        with pytest.raises(RuleBroken):  # a second tab
            withdraw(scene, code)


def test_what_follows_is_read_before_it_is_done(storage, app, browse_as):
    scene = make_submitted(storage)
    browser = browse_as(scene.person)
    with app.test_request_context():
        where = {"application_id": scene.application.id}
        pages = [
            url_for("applications.withdraw_consent", code=code, **where) for code in ("privacy", "sponsor", "nothing")
        ]
        own = url_for("applications.show_application", **where)
    assert pages[0] in browser.get(own).text
    assert "신청이 철회되고" in browser.get(pages[0]).text
    assert "수요기업은 신청서와 서류를 볼 수 없습니다" in browser.get(pages[1]).text
    assert browser.get(pages[2]).status_code == 404
    assert browser.post(pages[1]).status_code == 303
    page = browser.get(own).text
    assert pages[1] not in page
    assert "동의를 철회했습니다." in page
