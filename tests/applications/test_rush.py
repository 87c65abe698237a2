"""The last minute: many submit at once, and each of them twice."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import url_for

from app.applications import services
from app.applications.models import Application, Submission
from app.challenges.models import Challenge
from app.core.database import db
from app.mail.models import Mail
from tests import factories
from tests.applications.scenes import FULL, OPEN, Scene, attach, confirm, write_receipts


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
