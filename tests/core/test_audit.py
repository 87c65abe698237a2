import random
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.audit import trail
from app.core.audit.models import AuditEvent, AuditHead, AuditPersonal
from app.core.database import db
from tests.factories import make_organization, make_user


@pytest.fixture
def chain(clock):
    """Twenty sealed events."""
    user, company = make_user(), make_organization()
    for n in range(20):
        trail.record(
            "tests.change_company",
            subject=company,
            actor=user,
            now=clock.advance(seconds=1),
            details={"n": n},
            personal={"name": f"사람 {n}"},
        )
    db.session.commit()
    assert trail.seal() == 20
    db.session.commit()


def test_an_untouched_chain_holds(chain):
    assert trail.verify() == trail.Verdict(length=20, unsealed=0, broken=None)


def test_an_empty_chain_holds(clock):
    assert trail.verify().broken is None


def test_events_wait_for_the_sealer_and_are_sealed_in_order(chain, clock):
    trail.record("tests.more", subject=make_organization(), actor=None, now=clock.advance(seconds=1))
    db.session.commit()
    assert trail.verify() == trail.Verdict(20, 1, None)
    trail.seal()
    db.session.commit()
    assert trail.verify() == trail.Verdict(21, 0, None)


def test_erasing_a_person_leaves_the_chain_whole(chain):
    db.session.execute(sa.delete(AuditPersonal))
    db.session.commit()
    assert trail.verify().broken is None


def tamper(statement) -> str | None:
    db.session.execute(statement)
    db.session.commit()
    db.session.expire_all()
    return trail.verify().broken


@pytest.mark.parametrize(
    "values",
    [
        {"action": "tests.other"},
        {"details": {"n": 99}},
        {"actor_id": None},
        {"subject_kind": "user"},
        {"personal_sha256": "0" * 64},
        {"chain_sha256": "0" * 64},
    ],
)
def test_a_changed_event_is_named(chain, values):
    assert "event 7 " in tamper(sa.update(AuditEvent).where(AuditEvent.position == 7).values(**values))


def test_a_changed_personal_part_is_named(chain):
    event_id = db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.position == 5))
    assert "personal part of event 5 " in tamper(
        sa.update(AuditPersonal).where(AuditPersonal.event_id == event_id).values(content={"name": "남"})
    )


def test_a_missing_event_is_named(chain):
    event_id = db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.position == 9))
    db.session.execute(sa.delete(AuditPersonal).where(AuditPersonal.event_id == event_id))
    assert tamper(sa.delete(AuditEvent).where(AuditEvent.id == event_id)) == "event 9 is missing"


def test_a_cut_off_end_is_noticed(chain):
    event_id = db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.position == 20))
    db.session.execute(sa.delete(AuditPersonal).where(AuditPersonal.event_id == event_id))
    assert "the head does not stand at event 19" in tamper(sa.delete(AuditEvent).where(AuditEvent.id == event_id))


def test_a_missing_head_is_noticed(chain):
    assert "head" in tamper(sa.delete(AuditHead))


def test_swapped_events_are_noticed(chain):
    first, second = sorted(random.Random(3).sample(range(1, 21), 2))  # noqa: S311 - the same two in each run
    ids = {p: db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.position == p)) for p in (first, second)}
    db.session.execute(sa.update(AuditEvent).where(AuditEvent.id == ids[first]).values(position=1000))
    db.session.execute(sa.update(AuditEvent).where(AuditEvent.id == ids[second]).values(position=first))
    assert f"event {first} " in tamper(sa.update(AuditEvent).where(AuditEvent.id == ids[first]).values(position=second))


def test_an_event_of_a_rolled_back_change_never_was(clock):
    trail.record("tests.never", subject=make_organization(), actor=None, now=clock())
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 0


def test_what_could_not_be_sealed_is_refused_at_once(clock):
    with pytest.raises(TypeError):
        trail.record("tests.float", subject=make_organization(), actor=None, now=clock(), details={"score": 83.67})


def test_decimals_ids_and_moments_are_kept_as_text(clock):
    subject = make_organization()
    trail.record(
        "tests.exact",
        subject=subject,
        actor=None,
        now=clock(),
        details={"total": Decimal("83.67"), "of": subject.id, "at": clock()},
    )
    db.session.commit()
    trail.seal()
    db.session.commit()
    db.session.expire_all()
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "tests.exact")).one()
    assert event.details == {"total": "83.67", "of": str(subject.id), "at": "2022-09-20T05:12:00+00:00"}
    assert trail.verify().broken is None
