"""Eligibility in a call: what is asked of the database, what is confirmed, and the organizer's exceptions."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import url_for

from app.accounts.profile.codes import Industry, Region
from app.accounts.profile.models import StartupProfile, YearlyRevenue
from app.applications import queries, services
from app.applications.models import EligibilityOverride
from app.applications.rules import confirmations_asked
from app.applications.states import ApplicationState
from app.challenges.eligibility import Rule
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.applications.scenes import OPEN, TOO_LATE, fill, make_scene, make_submitted, submit


def at(endpoint, **values):
    return url_for(f"applications.{endpoint}", **values)


@pytest.fixture
def at_(app):
    with app.test_request_context():
        yield at


def profile(startup, **values) -> StartupProfile:
    one = StartupProfile(organization_id=startup.id, saved_at=OPEN, **values)
    db.session.add(one)
    db.session.flush()
    return one


def tones(challenge, startup, **values) -> dict[Rule, str]:
    return {f.rule: f.tone for f in queries.findings_for(challenge, startup, **values)}


def test_the_profile_answers_the_rules(statements):
    scene = make_scene(regions=["11"], employees_most=50, revenue_most_krw=10**9, industries=["J"], entries_most=1)
    before = tones(scene.challenge, scene.startup, own=scene.application.id)
    assert {before[r] for r in (Rule.REGION, Rule.EMPLOYEES, Rule.REVENUE, Rule.INDUSTRY)} == {"open"}
    kept = profile(scene.startup, region=Region.SEOUL, employees=51, industry=Industry.INFORMATION)
    db.session.add_all(
        [
            YearlyRevenue(organization_id=kept.organization_id, year=y, revenue_krw=r)
            for y, r in ((2020, 9 * 10**9), (2021, 5 * 10**8))
        ]
    )
    db.session.commit()
    db.session.expire_all()
    after = tones(scene.challenge, scene.startup, own=scene.application.id)
    assert (after[Rule.REGION], after[Rule.EMPLOYEES], after[Rule.REVENUE], after[Rule.INDUSTRY]) == (
        "good",
        "bad",
        "good",
        "good",
    )
    assert after[Rule.ENTRIES] == "good"


def test_findings_take_a_known_number_of_statements(statements):
    scene = make_scene(entries_most=1)
    kept = profile(scene.startup)
    for year in (2019, 2020, 2021):
        db.session.add(YearlyRevenue(organization_id=kept.organization_id, year=year, revenue_krw=1))
    db.session.commit()
    challenge, startup = scene.challenge, scene.startup
    db.session.expunge_all()
    db.session.add_all([challenge, startup])
    assert challenge.title and startup.name  # noqa: PT018 - both are loaded
    statements.statements.clear()
    queries.findings_for(challenge, startup)
    assert len(statements) == 6  # the profile with its three lists, the entries, the exception


def test_a_company_has_only_so_many_entries_under_any_of_its_registrations(storage):
    scene = make_submitted(storage, entries_most=1)
    theme = scene.challenge.themes[1]
    with pytest.raises(RuleBroken, match="1"):
        services.start_application(theme, scene.startup, actor=scene.person, now=OPEN)
    twin = factories.make_organization(business_number=scene.startup.business_number)
    person = factories.make_user(member_of=twin)
    with pytest.raises(RuleBroken, match="1"):
        services.start_application(theme, twin, actor=person, now=OPEN)
    services.withdraw_application(scene.application, actor=scene.person, now=OPEN)
    assert services.start_application(theme, twin, actor=person, now=OPEN).state is ApplicationState.DRAFT


def test_only_one_of_two_drafts_is_handed_in(storage):
    scene = make_scene()
    other = services.start_application(scene.challenge.themes[1], scene.startup, actor=scene.person, now=OPEN)
    scene.challenge.entries_most = 1  # the rule came while both were being written
    fill(scene, storage)
    submit(scene)
    scene.application = other
    fill(scene, storage)
    with pytest.raises(RuleBroken):
        services.submit_application(other, actor=scene.person, now=OPEN)


def test_nothing_is_handed_in_before_each_statement_is_confirmed(storage):
    scene = make_scene()
    fill(scene, storage)
    first, second = (c.key for c in confirmations_asked(scene.challenge))
    services.confirm_eligibility(scene.application, [second, "unknown"], actor=scene.person, now=OPEN)
    assert list(scene.application.confirmed) == [second]
    with pytest.raises(RuleBroken, match="휴업·폐업"):
        services.submit_application(scene.application, actor=scene.person, now=OPEN)
    services.confirm_eligibility(scene.application, [first, second], actor=scene.person, now=OPEN)
    sent = services.submit_application(scene.application, actor=scene.person, now=OPEN)
    assert [c["text"]["ko"] for c in sent.content["confirmed"]] == ["휴업·폐업", "세금 체납"]
    assert {c["by"] for c in sent.content["confirmed"]} == {str(scene.person.id)}
    with pytest.raises(RuleBroken):  # it is sent
        services.confirm_eligibility(scene.application, [], actor=scene.person, now=OPEN)


def test_the_ticks_stay_where_the_submit_is_refused(storage, browse_as, at_):
    scene = make_scene()
    key = confirmations_asked(scene.challenge)[0].key
    browser = browse_as(scene.person)
    page = browser.post(
        at_("submit_application", application_id=scene.application.id), data={"asked": "1", "confirmed": key}
    )
    assert page.status_code == 422
    assert f'value="{key}" checked' in " ".join(page.text.split())
    assert page.text.count("checked") == 1


def test_the_form_confirms_and_hands_in(storage, browse_as, at_):
    scene = make_scene()
    fill(scene, storage)
    services.confirm_eligibility(scene.application, [], actor=scene.person, now=OPEN)
    db.session.commit()
    browser = browse_as(scene.person)
    keys = [c.key for c in confirmations_asked(scene.challenge)]
    address = at_("submit_application", application_id=scene.application.id)
    assert browser.post(address, data={"asked": "1", "confirmed": keys[:1]}).status_code == 422
    assert browser.post(address, data={"asked": "1", "confirmed": keys}).status_code == 303
    db.session.rollback()
    page = browse_as(scene.organizer).get(
        at_("show_received", challenge_id=scene.challenge.id, application_id=scene.application.id)
    )
    assert "해당하지 않음: 휴업·폐업" in page.text


def test_the_organizer_sees_what_was_true_when_it_was_sent(storage):
    scene = make_scene(employees_most=50)
    kept = profile(scene.startup, employees=12)
    fill(scene, storage)
    sent = submit(scene)
    kept.employees = 400
    db.session.commit()
    now = {f.rule: f for f in queries.findings_for(scene.challenge, scene.startup, own=scene.application.id)}
    then = queries.findings_for(
        scene.challenge, scene.startup, own=scene.application.id, company=sent.content["company"]
    )
    assert now[Rule.EMPLOYEES].tone == "bad"
    assert {f.rule: f.tone for f in then}[Rule.EMPLOYEES] == "good"


# Exceptions

OLD = date(2001, 1, 1)


def old_startup():
    scene = make_scene()
    startup = factories.make_organization(founded_on=OLD, business_number="1234567891")
    return scene, startup, factories.make_user(member_of=startup)


def test_an_exception_lets_one_startup_apply_in_one_challenge():
    scene, startup, person = old_startup()
    theme, by = scene.challenge.themes[0], {"actor": person, "now": OPEN}
    with pytest.raises(RuleBroken):
        services.start_application(theme, startup, **by)
    services.override_eligibility(
        scene.challenge, startup, ["age"], reason=" 분할 설립 ", actor=scene.organizer, now=OPEN
    )
    assert services.start_application(theme, startup, **by)
    other = factories.make_challenge(host=scene.challenge.host)
    with pytest.raises(RuleBroken):
        services.start_application(other.themes[0], startup, **by)
    twin = factories.make_organization(founded_on=OLD)
    with pytest.raises(RuleBroken):
        services.start_application(theme, twin, actor=factories.make_user(member_of=twin), now=OPEN)
    event = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "applications.override_eligibility")
    ).one()
    assert event.details == {"before": [], "rules": ["age"], "reason": "분할 설립"}


@pytest.mark.parametrize(
    ("lifted", "reason", "field"),
    [
        (["age"], "", "reason"),
        (["age"], "  ", "reason"),
        ([], "까닭", "rules"),
        (["revenue"], "까닭", "rules"),
        (["age"], "가" * 1001, "reason"),
    ],
)
def test_an_exception_needs_a_rule_of_this_call_and_a_reason(lifted, reason, field):
    scene, startup, _person = old_startup()
    with pytest.raises(RuleBroken) as refused:
        services.override_eligibility(scene.challenge, startup, lifted, reason=reason, actor=scene.organizer, now=OPEN)
    assert refused.value.field == field


def test_only_the_organizer_makes_exceptions_while_the_call_is_out():
    scene, startup, person = old_startup()
    for actor in (person, factories.make_user(member_of=factories.make_host())):
        with pytest.raises(RuleBroken):
            services.override_eligibility(scene.challenge, startup, ["age"], reason="x", actor=actor, now=OPEN)
    scene.challenge.state = "closed"
    db.session.commit()
    with pytest.raises(RuleBroken):
        services.override_eligibility(
            scene.challenge, startup, ["age"], reason="x", actor=scene.organizer, now=TOO_LATE
        )


def test_the_organizer_names_the_startup_and_takes_it_back(browse_as, at_):
    scene, startup, person = old_startup()
    browser = browse_as(scene.organizer)
    address = at_("list_exceptions", challenge_id=scene.challenge.id)
    given = {"rules": "age", "reason": "분할 설립"}
    assert "등록된 창업기업이 없습니다" in browser.post(address, data=given | {"startup": "000-00-00000"}).text
    assert browser.post(address, data=given | {"startup": "123-45-67891"}).status_code == 303
    db.session.rollback()
    override = db.session.scalars(sa.select(EligibilityOverride)).one()
    assert override.startup_id == startup.id
    assert browser.post(address, data=given | {"startup": startup.name.ko, "reason": "둘째 까닭"}).status_code == 303
    page = browser.get(address).text
    assert "둘째 까닭" in page
    assert "분할 설립" not in page
    applying = browse_as(person).get(at_("start_application", slug=scene.challenge.slug)).text
    assert "예외를 인정했습니다" in applying
    assert "둘째 까닭" not in applying  # the reason is the staff's
    where = {"challenge_id": scene.challenge.id, "override_id": override.id}
    assert browser.post(at_("take_back_override", **where)).status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EligibilityOverride)) == 0


def test_two_startups_of_one_name_are_not_guessed_between(browse_as, at_):
    scene, startup, _person = old_startup()
    factories.make_organization(name=startup.name)
    page = browse_as(scene.organizer).post(
        at_("list_exceptions", challenge_id=scene.challenge.id),
        data={"startup": startup.name.ko, "rules": "age", "reason": "까닭"},
    )
    assert page.status_code == 422
    assert "여러 창업기업" in page.text
