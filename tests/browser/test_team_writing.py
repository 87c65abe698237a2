"""Two people write one application in two browsers, and a draft comes through whatever happens to its connection."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from app.accounts.models import MembershipRole, User
from app.applications import services
from app.applications.models import Application
from app.applications.writing.queries import list_versions
from app.applications.writing.states import VersionKind
from app.core.database import db
from tests import factories
from tests.applications.scenes import Scene, add_questions
from tests.browser.pages import Live, Person, sign_in
from tests.conftest import START

pytestmark = pytest.mark.browser
PROPOSAL = "제안 요약"
EMPLOYEES = "상시 인원"


@pytest.fixture
def scene(live: Live) -> Scene:
    with live.database():
        challenge = factories.make_challenge()
        add_questions(challenge)
        startup = factories.make_organization()
        person = factories.make_user("김하나", member_of=startup)
        other = factories.make_user("박둘", member_of=startup, role=MembershipRole.MEMBER)
        application = services.start_application(challenge.themes[0], startup, actor=person, now=START)
        made = Scene(challenge, startup, person, other, application)
        db.session.flush()
    return made


@pytest.fixture
def write(scene: Scene, enter: Callable[..., Person]) -> Callable[..., Person]:
    """A browser of its own for somebody of the team, on the page of the proposal."""

    def open_page(user: User, **how: object) -> Person:
        person = enter(**how)
        sign_in(person, user)
        person.visit(address(scene))
        return person

    return open_page


def address(scene: Scene, section: str = "proposal") -> str:
    return f"/applications/{scene.application.id}/edit/{section}"


def stored(live: Live, scene: Scene) -> dict[str, object]:
    """What the server has on disk."""
    with live.database():
        return dict(
            db.session.scalars(sa.select(Application.answers).where(Application.id == scene.application.id)).one()
        )


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label).fill(text)


def test_two_people_who_write_different_fields_get_both(live, scene, write):
    first, second = write(scene.person), write(scene.organizer)
    type_in(first.page, PROPOSAL, "첫째의 글")
    expect(first.page.locator("#saved")).to_have_text("14:12:00 저장됨")
    type_in(second.page, EMPLOYEES, "12")
    expect(second.page.locator("#saved")).to_have_text("14:12:00 저장됨")
    expect(second.page.locator("#unseen")).to_contain_text("김하나 님이 “제안 요약”을(를) 바꿨습니다")
    assert stored(live, scene) == {"summary": "첫째의 글", "employees": "12"}
    second.page.get_by_role("link", name="현재 내용 보기").click()
    expect(second.page.get_by_role("textbox", name=PROPOSAL)).to_have_value("첫째의 글")


def test_two_people_who_write_the_same_field_see_both_texts_and_decide(live, scene, write):
    first, second = write(scene.person), write(scene.organizer)
    second.watch.allow.update({409, 422})
    type_in(first.page, PROPOSAL, "우리 기업이 만든다")
    expect(first.page.locator("#saved")).to_have_text("14:12:00 저장됨")
    type_in(second.page, PROPOSAL, "우리 기업은 나눈다")
    expect(second.page.locator("#saved")).to_contain_text("김하나 님도 “제안 요약”을(를) 바꿨습니다")
    assert stored(live, scene)["summary"] == "우리 기업이 만든다"
    second.page.get_by_role("button", name="임시저장").click()
    both = second.page.locator("[data-both]")
    expect(both).to_contain_text("우리 기업이 만든다")
    expect(both.locator("ins").first).to_be_visible()
    expect(second.page.get_by_role("textbox", name=PROPOSAL)).to_have_value("우리 기업은 나눈다")
    both.get_by_role("button", name="둘 다 이어 붙이기").click()
    expect(second.page.get_by_role("textbox", name=PROPOSAL)).to_have_value("우리 기업이 만든다\n우리 기업은 나눈다")
    second.page.get_by_role("button", name="임시저장").click()
    expect(second.page.locator("[data-both]")).to_have_count(0)
    assert stored(live, scene)["summary"] == "우리 기업이 만든다\n우리 기업은 나눈다"
    with live.database():
        versions = list_versions(db.session.get_one(Application, scene.application.id))
        kept = [v.changes["answer-summary"]["after"] for v in versions if v.kind is VersionKind.KEPT_ASIDE]
        assert kept == ["우리 기업은 나눈다"]


def test_a_conflict_is_settled_with_scripts_off(live, scene, write):
    first, second = write(scene.person, scripts=False), write(scene.organizer, scripts=False)
    second.watch.allow.add(409)
    for person, text in ((first, "첫째의 글"), (second, "둘째의 글")):
        type_in(person.page, PROPOSAL, text)
        person.page.get_by_role("button", name="임시저장").click()
    expect(second.page.locator("[data-both]")).to_contain_text("첫째의 글")
    type_in(second.page, PROPOSAL, "둘을 하나로")
    second.page.get_by_role("button", name="임시저장").click()
    assert stored(live, scene)["summary"] == "둘을 하나로"


def test_one_sees_who_writes_where_and_that_they_left(scene, write):
    first = write(scene.person)
    second = write(scene.organizer)
    name = second.page.locator(".section-toc .present-name")
    expect(name).to_have_text("김하나 님이 작성하고 있습니다")
    expect(second.page.locator("[data-presence]")).to_contain_text("김하나")
    first.visit(address(scene, "contact"))
    second.page.reload()
    expect(second.page.locator(".section-toc li", has_text="담당자").locator(".present-name")).to_have_text(
        "김하나 님이 작성하고 있습니다"
    )
    expect(second.page.locator("[data-presence]")).to_be_hidden()
    type_in(second.page, PROPOSAL, "글")  # the list of sections comes anew with each save
    expect(second.page.locator("#saved")).to_have_text("14:12:00 저장됨")
    expect(second.page.locator(".section-toc .present-name")).to_have_count(1)


def test_a_draft_comes_through_a_broken_connection(live, scene, write):
    person = write(scene.person)
    page, state = person.page, person.page.locator("#saved")
    person.watch.allow.add(0)
    type_in(page, PROPOSAL, "연결된 동안의 글")
    expect(state).to_have_text("14:12:00 저장됨")
    person.context.set_offline(True)
    type_in(page, PROPOSAL, "끊긴 동안의 글")
    expect(state).to_contain_text("연결이 끊겨")
    assert "저장됨" not in state.inner_text()
    assert stored(live, scene)["summary"] == "연결된 동안의 글"
    person.context.set_offline(False)
    expect(state).to_have_text("14:12:00 저장됨")
    assert stored(live, scene)["summary"] == "끊긴 동안의 글"


def test_an_answer_that_got_lost_is_no_conflict_with_oneself(live, scene, write):
    person = write(scene.person)
    page, state = person.page, person.page.locator("#saved")
    person.watch.allow.add(0)
    lost = []

    def lose(route):
        route.fetch()  # the server takes it; the answer never arrives
        lost.append(route)
        route.abort()

    page.route("**/autosave", lose)
    type_in(page, PROPOSAL, "첫 글")
    expect(state).to_contain_text("서버가 응답하지 않습니다")
    assert stored(live, scene)["summary"] == "첫 글"
    page.unroute("**/autosave")
    type_in(page, PROPOSAL, "첫 글을 더 쓴다")
    expect(state).to_have_text("14:12:00 저장됨")
    assert lost
    assert stored(live, scene)["summary"] == "첫 글을 더 쓴다"


def test_faults_of_the_server_lose_nothing_across_a_closed_tab(live, scene, write):
    person = write(scene.person)
    person.watch.allow.update({0, 500})
    person.page.route("**/autosave", lambda route: route.fulfill(status=500, body="broken"))
    type_in(person.page, PROPOSAL, "서버가 받지 못한 글")
    type_in(person.page, EMPLOYEES, "21")
    expect(person.page.locator("#saved")).to_contain_text("서버가 응답하지 않습니다")
    person.page.close()  # as a crash: nobody is asked
    assert stored(live, scene) == {}
    person.page = person.context.new_page()
    page = person.visit(address(scene))
    expect(page.get_by_role("textbox", name=PROPOSAL)).to_have_value("")
    page.get_by_role("button", name="되살리기").click()
    expect(page.get_by_role("textbox", name=PROPOSAL)).to_have_value("서버가 받지 못한 글")
    expect(page.locator("#saved")).to_have_text("14:12:00 저장됨")
    assert stored(live, scene) == {"summary": "서버가 받지 못한 글", "employees": "21"}


def test_text_of_a_closed_tab_that_is_put_back_over_newer_words_is_a_conflict(live, scene, write):
    person = write(scene.person)
    person.watch.allow.update({0, 409, 422})
    person.page.route("**/autosave", lambda route: route.abort())
    type_in(person.page, PROPOSAL, "닫힌 탭의 글")
    expect(person.page.locator("#saved")).to_contain_text("서버가 응답하지 않습니다")
    person.page.close()
    other = write(scene.organizer)
    type_in(other.page, PROPOSAL, "그 사이의 글")
    expect(other.page.locator("#saved")).to_have_text("14:12:00 저장됨")
    person.page = person.context.new_page()
    page = person.visit(address(scene))
    page.get_by_role("button", name="되살리기").click()
    expect(page.locator("#saved")).to_contain_text("박둘 님도 “제안 요약”을(를) 바꿨습니다")
    assert stored(live, scene)["summary"] == "그 사이의 글"


def test_a_session_that_ended_loses_nothing(live, scene, write):
    person = write(scene.person)
    person.watch.allow.update({400, 401})
    cookies = person.context.cookies()
    person.context.clear_cookies()
    type_in(person.page, PROPOSAL, "로그인이 풀린 동안의 글")
    link = person.page.get_by_role("link", name="다시 로그인")
    expect(link).to_be_visible()
    assert stored(live, scene) == {}
    person.context.add_cookies(cookies)
    page = person.visit(address(scene))
    page.get_by_role("button", name="되살리기").click()
    expect(page.locator("#saved")).to_have_text("14:12:00 저장됨")
    assert stored(live, scene)["summary"] == "로그인이 풀린 동안의 글"
