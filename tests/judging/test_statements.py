"""How many statements the long pages take, with one row and with three."""

import pytest
import sqlalchemy as sa

from app.core.audit.models import AuditEvent
from app.core.database import db, writes
from app.judging import services
from app.judging.models import ScoreSheet
from app.mail.models import Mail
from tests import factories
from tests.judging.scene import make_judge, make_room, make_sheet, split


def fill(room, judges, entries):
    """So many judges, each with a signed sheet for so many entries."""
    while len(room.judges) < judges:
        room.judges.append(make_judge(room.challenge))
    while len(room.entries) < entries:
        room.entries.append(factories.make_application(room.challenge, theme=len(room.entries) % 2))
    held = {(sheet.judge_id, sheet.application_id) for sheet in db.session.scalars(sa.select(ScoreSheet))}
    for judge in room.judges:
        for entry in room.entries:
            if (judge.id, entry.id) not in held:
                make_sheet(judge, entry, split(80), signed=True)
    db.session.commit()


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("organizer", "/manage/{challenge}/ranking", 10),
        ("organizer", "/manage/{challenge}/ranking?view=all", 10),
        ("organizer", "/manage/{challenge}/progress", 10),
        ("organizer", "/manage/{challenge}/judges", 18),
        ("organizer", "/manage/{challenge}/assignment", 12),
        ("judge", "/judging", 6),
        ("judge", "/judging/{challenge}", 9),  # two for the scores beside the panel's, once all are signed
        ("judge", "/judging/{challenge}/conflicts", 7),
        ("judge", "/judging/sheets/{sheet}", 8),
    ],
)
def test_pages_take_a_known_number_of_statements(browse_as, statements, who, path, most):
    if path.endswith(("/ranking", "?view=all")) and db.engine.dialect.name == "postgresql":
        most += 1  # SQLite reads all of a request as of one moment; here what was computed from is looked at once more
    room = make_room()
    fill(room, 1, 1)
    sheet = db.session.scalar(sa.select(ScoreSheet.id))
    browser = browse_as(room.organizer if who == "organizer" else room.person())
    url = path.format(challenge=room.challenge.id, sheet=sheet)
    counts = []
    for size in (1, 3):
        fill(room, size, size)
        db.session.expire_all()
        statements.statements.clear()
        assert browser.get(url).status_code == 200
        counts.append(len(statements))
    assert counts == [most, most], "\n".join(statements.statements)


def test_many_sheets_are_given_out_in_few_statements(statements, clock):
    writes.set(True)
    room = make_room(judges=3, entries=40)
    pairs = [(judge.id, entry.id) for judge in room.judges for entry in room.entries]
    statements.statements.clear()
    assert services.apply_assignment(room.round, add=pairs, actor=room.organizer, now=clock()) == 120
    assert len(statements) < 35  # with three judges' events, mails and jobs
    assert db.session.scalar(sa.select(sa.func.count(ScoreSheet.id))) == 120
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "judging.apply_assignment")) == 3
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 3
