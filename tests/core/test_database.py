import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.database import ExactDecimal, Turn, UtcDateTime, db, new_id

metadata = sa.MetaData()
table = sa.Table("typed", metadata, sa.Column("moment", UtcDateTime), sa.Column("score", ExactDecimal(7, 2)))


@pytest.fixture
def connection(app):
    with db.engine.connect() as open_connection:
        metadata.create_all(open_connection)
        yield open_connection
        open_connection.rollback()


def test_a_moment_comes_back_in_utc(connection):
    seoul = datetime(2022, 9, 23, 17, tzinfo=timezone(timedelta(hours=9)))
    connection.execute(table.insert().values(moment=seoul, score=Decimal("83.67")))
    row = connection.execute(sa.select(table)).one()
    assert row.moment == datetime(2022, 9, 23, 8, tzinfo=UTC)
    assert row.moment.tzinfo is UTC
    assert row.score == Decimal("83.67")


def test_a_moment_without_its_zone_is_refused(connection):
    with pytest.raises(sa.exc.StatementError, match="needs its time zone"):
        connection.execute(table.insert().values(moment=datetime(2022, 9, 23, 17), score=None))  # noqa: DTZ001


def test_a_score_with_too_many_places_is_refused(connection):
    with pytest.raises(sa.exc.StatementError, match="decimal places"):
        connection.execute(table.insert().values(moment=None, score=Decimal("83.675")))


def test_ids_sort_by_time_and_are_version_seven():
    first = new_id()
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert abs(datetime.fromtimestamp((first.int >> 80) / 1000, UTC) - datetime.now(UTC)) < timedelta(minutes=1)


def test_sqlite_is_opened_as_the_architecture_says(app):
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as open_connection:
        assert open_connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert open_connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


# Whose turn it is to write


def test_writers_are_served_in_the_order_in_which_they_came():
    turn, served, threads = Turn(), [], []
    assert turn.take(1)
    for number in range(8):
        before = len(turn._waiting)

        def wait(number=number):
            assert turn.take(10)
            served.append(number)
            turn.give_back()

        threads.append(threading.Thread(target=wait))
        threads[-1].start()
        while len(turn._waiting) == before:
            threading.Event().wait(0.001)
    turn.give_back()
    for thread in threads:
        thread.join()
    assert served == list(range(8))
    assert turn.take(0)


def test_whoever_waits_too_long_goes_without_holding_up_the_others():
    turn = Turn()
    assert turn.take(1)
    assert not turn.take(0.01)
    turn.give_back()
    assert turn.take(0)
