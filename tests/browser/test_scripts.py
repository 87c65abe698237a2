"""What pages do by themselves: count down, add up, save, keep what is typed, send files. And that they need none of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import sign_in
from tests.browser.sink import SAVES
from tests.factories import make_user

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_saves():
    SAVES.clear()


def test_the_countdown_goes_by_the_servers_clock(person):
    page = person.visit("/sink")  # the server stands in 2022, the browser does not
    expect(page.locator("#soon")).to_have_text("마감", timeout=5000)
    assert page.locator(".deadline .left").first.inner_text() == "1시간 29분 남음"


def test_characters_are_counted_as_people_count_them(person):
    page = person.visit("/sink")
    page.get_by_label("제안 요약").fill("가나다 😀\n끝")
    assert page.locator("[data-count=summary]").inner_text() == "7 / 20자"
    page.get_by_label("제안 요약").fill("가" * 21)
    assert "over" in page.locator("[data-count=summary]").get_attribute("class")


def test_scores_add_up_exactly_and_levels_follow(person):
    page = person.visit("/sink")
    page.locator("#fit").fill("20.1")
    page.locator("#tech").fill("0.2")
    assert page.locator("output").inner_text() == "20.3 / 55"
    assert page.locator("input[data-level-for=fit]:checked").input_value() == "20"
    page.get_by_text("탁월").click()
    assert page.locator("#fit").input_value() == "26"
    page.locator("#tech").fill("열")  # not a number: not counted, rather than counted as nought
    assert page.locator("output").inner_text() == "26 / 30"


def test_saving_says_what_is_true(person):
    page = person.visit("/sink")
    state = page.locator("#saved")
    page.get_by_label("제안 요약").press_sequentially("첫 글")
    expect(state).to_have_text("아직 저장되지 않음")
    expect(state).to_have_text("14:12:00 저장됨")
    assert SAVES[-1] == "첫 글"
    person.watch.allow.add(500)
    page.get_by_label("제안 요약").fill("fail")
    expect(state).to_contain_text("저장되지 않음: 서버가 응답하지 않습니다")
    person.watch.allow.add(409)
    page.get_by_label("제안 요약").fill("stale")
    expect(state).to_have_text("다른 사람이 먼저 저장했습니다.")
    page.get_by_label("제안 요약").fill("끝")
    expect(state).to_have_text("14:12:00 저장됨")


def test_an_ended_session_is_told_with_the_way_back_and_loses_nothing(person):
    page = person.visit("/sink")
    person.watch.allow.add(401)
    page.get_by_label("제안 요약").fill("gone with the session")
    link = page.get_by_role("link", name="다시 로그인")
    expect(link).to_have_attribute("href", "/sign-in?next=%2Fsink")
    assert "이 기기에 보관" in page.locator("#saved").inner_text()
    page.goto(person.live.url + "/sink/done")
    page.goto(person.live.url + "/sink")
    page.get_by_role("button", name="되살리기").click()
    assert page.get_by_label("제안 요약").input_value() == "gone with the session"


def test_what_was_typed_before_a_crash_is_offered_back_and_can_be_thrown_away(enter):
    person = enter()
    person.watch.allow.add(500)
    page = person.visit("/sink")
    page.get_by_label("제안 요약").fill("fail")  # the server never takes it, so it stays on the device
    page.get_by_label("이름").fill("가온셈랩")
    page.get_by_text("동의합니다").click()
    page.close()
    person.page = person.context.new_page()
    page = person.visit("/sink")
    assert page.get_by_label("이름").input_value() == ""
    page.get_by_role("button", name="되살리기").click()
    assert page.get_by_label("이름").input_value() == "가온셈랩"
    assert page.get_by_label("동의합니다").is_checked()
    # Somebody saved since: the text goes out under the version that it was written on, so that the server sees it is stale.
    page = person.visit("/sink?version=2")
    page.get_by_role("button", name="되살리기").click()
    assert page.locator("[name=version]").input_value() == "1"
    page.reload()
    page.get_by_role("button", name="버리기").click()
    page.reload()
    assert page.locator(".restore").count() == 0


def test_what_the_server_has_taken_is_not_kept(person):
    page = person.visit("/sink")
    page.get_by_label("이름").fill("가온셈랩")
    page.get_by_label("제안 요약").fill("짧게")
    page.get_by_role("button", name="저장").click()
    expect(page.locator("h1")).to_have_text("끝")
    expect(page.get_by_role("status").first).to_have_text("저장했습니다.")
    page.goto(person.live.url + "/sink")
    assert page.locator(".restore").count() == 0


def test_what_the_server_refused_is_kept(person):
    person.watch.allow.update({409, 500})
    for answer in ("stale", "broken"):
        page = person.visit(f"/sink?answer={answer}")
        page.get_by_label("이름").fill(f"가온셈랩 {answer}")
        page.get_by_label("제안 요약").fill("짧게")
        page.get_by_role("button", name="저장").click()
        expect(page.get_by_role("link", name="챌린지 목록으로")).to_be_visible()
        page.goto(person.live.url + "/sink")
        page.get_by_role("button", name="되살리기").first.click()
        assert page.get_by_label("이름").input_value() == f"가온셈랩 {answer}"


def test_a_refusal_comes_back_to_the_page_with_its_sentence(person):
    page = person.visit("/sink?answer=refused")
    page.get_by_label("이름").fill("가온")
    page.get_by_label("제안 요약").fill("짧게")
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".flash-error")).to_have_text("모집은 9. 23.(금) 17:00에 마감되었습니다.")


def test_one_persons_words_are_not_offered_to_another(person, live):
    with live.database():
        first, second = make_user(), make_user()
    sign_in(person, first)
    person.visit("/sink").get_by_label("이름").fill("비밀")
    sign_in(person, second)
    page = person.visit("/sink")
    page.wait_for_timeout(300)  # for what would be offered late
    assert page.locator(".restore").count() == 0
    sign_in(person, first)
    page = person.visit("/sink")
    expect(page.locator(".restore")).to_have_count(1)
    page.evaluate("window.addEventListener('submit', (event) => event.preventDefault())")
    page.evaluate("document.querySelector('form[data-forget]').requestSubmit()")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_passwords_and_files_are_never_kept(person):
    page = person.visit("/sink")
    page.evaluate(
        """() => document.querySelector('#the-form').insertAdjacentHTML('beforeend', '<input type="password" name="pw" aria-label="pw">')"""
    )
    page.get_by_label("이름").fill("가온")
    page.get_by_label("pw").fill("correct horse")
    page.get_by_label("첨부").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "가온" in kept
    assert "correct horse" not in kept
    assert "pw" not in kept
    assert "a.pdf" not in kept


def test_a_double_click_sends_once(person):
    page = person.visit("/sink")
    sent = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.url) if request.method == "POST" and request.url.endswith("/sink") else None
        ),
    )
    page.get_by_label("이름").fill("가온")
    page.get_by_label("제안 요약").fill("짧게")
    page.get_by_role("button", name="저장").dblclick()
    expect(page.locator("h1")).to_have_text("끝")
    assert len(sent) == 1
    page.go_back()
    assert page.get_by_role("button", name="저장").is_enabled()


def test_a_chosen_file_is_named_and_one_too_large_is_refused_before_it_travels(person):
    page = person.visit("/sink")
    state = page.locator("[data-file-state=file]")
    page.get_by_label("첨부").set_input_files(
        {"name": "제안서.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1500}
    )
    assert state.inner_text() == "제안서.pdf · 1KB"
    page.get_by_label("첨부").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x" * 5000})
    assert state.inner_text() == "파일 크기가 5KB로, 허용된 2KB를 넘습니다."
    assert page.get_by_label("첨부").input_value() == ""


def test_a_file_goes_up_at_once_and_a_wrong_one_is_told_so(person):
    page = person.visit("/sink/docs")
    page.get_by_label("제안서 선택").set_input_files(
        {"name": "제안서.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2_000_000}
    )
    expect(page.get_by_role("link", name="제안서.pdf")).to_be_visible()
    assert page.locator("#count").inner_text() == "1건"
    page.get_by_label("제안서 바꾸기").set_input_files(
        {"name": "제안서.exe", "mimeType": "application/octet-stream", "buffer": b"x"}
    )
    expect(page.locator("#doc-1-error")).to_have_text("제안서.exe: PDF만 올릴 수 있습니다.")


def test_everything_works_with_scripts_off(enter):
    person = enter(scripts=False)
    page = person.visit("/sink")
    page.get_by_label("이름").fill("가온")
    page.get_by_label("제안 요약").fill("짧게")
    page.get_by_role("button", name="저장").click()
    expect(page.locator("h1")).to_have_text("끝")
    page = person.visit("/sink/docs")
    page.get_by_label("제안서 선택").set_input_files(
        {"name": "제안서.pdf", "mimeType": "application/pdf", "buffer": b"x"}
    )
    page.get_by_role("button", name="올리기").click()
    expect(page.get_by_role("link", name="제안서.pdf")).to_be_visible()


def test_what_another_open_tab_holds_is_not_offered_here_and_both_are_kept(enter):
    person = enter()
    person.watch.allow.add(500)
    first = person.visit("/sink")
    first.get_by_label("제안 요약").fill("fail")  # the server never takes it
    first.get_by_label("이름").fill("첫 탭")
    second = person.context.new_page()
    second.goto(person.live.url + "/sink")
    second.wait_for_timeout(300)
    assert second.locator(".restore").count() == 0
    second.get_by_label("이름").fill("둘째 탭")
    first.close()
    second.close()
    person.page = person.context.new_page()
    page = person.visit("/sink")
    expect(page.locator(".restore")).to_have_count(2)
    page.get_by_role("button", name="되살리기").last.click()  # the older one
    assert page.get_by_label("이름").input_value() == "첫 탭"
    expect(page.locator(".restore")).to_have_count(1)
    page.get_by_role("button", name="되살리기").click()
    assert page.get_by_label("이름").input_value() == "둘째 탭"


def test_a_store_that_takes_nothing_is_told(person):
    page = person.visit("/sink")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    person.watch.allow.add(500)
    page.get_by_label("제안 요약").fill("fail")
    expect(page.locator("#saved")).to_contain_text("사본을 둘 수 없으니")


def test_without_a_connection_nothing_is_called_saved_and_all_goes_out_when_it_is_back(person):
    page = person.visit("/sink")
    page.get_by_label("제안 요약").fill("연결됨")
    expect(page.locator("#saved")).to_have_text("14:12:00 저장됨")
    person.watch.allow.add(0)
    person.context.set_offline(True)
    page.get_by_label("제안 요약").fill("끊긴 뒤에 쓴 글")
    expect(page.locator("#saved")).to_contain_text("연결이 끊겨")
    assert "저장됨" not in page.locator("#saved").inner_text()
    person.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text("14:12:00 저장됨")
    assert SAVES[-1] == "끊긴 뒤에 쓴 글"
