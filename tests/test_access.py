"""The table of route × role: who gets which answer from every route, and no route without a row."""

from importlib import import_module

import pytest
from flask import url_for

from app.core.database import Base, db
from tests.access import ROLES, Row, make_scene

FEATURES = ("mail", "accounts", "challenges", "applications", "judging", "awards")
ACCESS: dict[str, Row] = {}
for _feature in FEATURES:
    ACCESS |= import_module(f"tests.{_feature}.access_table").ACCESS


def test_no_route_is_missing_from_the_table(app):
    routes = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert routes == set(ACCESS)


def begin_anew() -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.mark.parametrize("route", sorted(ACCESS))
def test_every_role_gets_its_answer(app, browse_as, clock, route):
    method, endpoint = route.split(" ")
    row = ACCESS[route]
    expected, answers = row.expected(), {}
    scene = None
    for role in ROLES:
        if scene is None:
            scene = make_scene(row.state, row.application_state)
            row.prepare(scene)
            db.session.commit()
        with app.test_request_context():
            url = url_for(endpoint, **row.values(scene))
        browser = browse_as(scene.people[role])
        response = browser.open(url, method=method, data=row.data(scene) if method == "POST" else None)
        answers[role] = response.status_code
        if role == "visitor" and expected[role] == 303 and not row.open_to_visitors:
            assert response.location.startswith("/sign-in") or response.location == "/", response.location
        db.session.rollback()
        turned_away = (response.location or "").startswith("/sign-in") and not row.open_to_visitors
        if method == "POST" and response.status_code < 400 and not turned_away:
            begin_anew()
            scene = None
    assert answers == expected
