"""The form builder in a browser: by keyboard alone, by drag, in two tabs, over a connection that breaks, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.challenges import queries
from app.challenges.form.model import Comparison, Condition, Form, Kind
from app.challenges.models import Challenge
from app.challenges.services import change_form
from app.challenges.services.compose_form import Deed
from app.challenges.starts import read_start
from app.challenges.states import ChallengeState
from app.core.database import db
from tests import factories
from tests.browser.pages import PHONE, sign_in, violations
from tests.factories import NOW

pytestmark = pytest.mark.browser


class Bench:
    """A draft of a call, its organizer, and the builder's page."""

    def __init__(self, live, enter):
        self.live, self.enter = live, enter
        with live.database():
            host = factories.make_host()
            self.user = factories.make_user("박운영", member_of=host)
            self.user.language = "en"
            challenge = factories.make_challenge(host=host, state=ChallengeState.DRAFT)
            challenge.form = Form()
            self.id = challenge.id

    def begin_with(self, start: str) -> None:
        with self.live.database():
            challenge = db.session.get_one(Challenge, self.id)
            change_form(challenge, Deed("template", start), lambda _old: read_start(start), actor=self.user, now=NOW)

    def open(self, item: str = "", **how) -> Page:
        self.person = self.enter(language="en", **how)
        sign_in(self.person, self.user)
        return self.person.visit(f"/manage/{self.id}/form{f'?at={item}' if item else ''}")

    @property
    def form(self) -> Form:
        with self.live.database():
            return queries.get_working_copy(db.session.get_one(Challenge, self.id)).form


@pytest.fixture
def bench(live, enter):
    return Bench(live, enter)


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go there as somebody does who has no mouse."""
    for _press in range(120):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def said(page: Page, sentence: str) -> None:
    expect(page.locator("#said")).to_have_text(sentence)


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile("Saved"))


def write(page: Page, korean: str, english: str) -> None:
    """Into the field that has the focus, and its twin."""
    expect(page.locator("#label_ko, #title_ko")).to_be_focused()
    page.keyboard.type(korean)
    page.keyboard.press("Tab")
    page.keyboard.type(english)


def test_a_form_is_composed_by_keyboard_alone(bench):
    page = bench.open()
    tab_to(page, "[value='add:yes_no']")
    page.keyboard.press("Enter")
    write(page, "지식재산이 있습니까?", "Any patents?")
    page.keyboard.press("Escape")  # to the outline
    expect(page.locator("[data-item][aria-current]")).to_be_focused()
    tab_to(page, "[value='add:choices']")
    page.keyboard.press("Enter")
    write(page, "지식재산의 종류", "Which kinds")
    for korean, english in (("특허", "Patent"), ("상표", "Trade mark")):
        tab_to(page, ".item-row input[type=text]" if korean == "특허" else "#rows-1-label_ko")
        page.keyboard.press("Control+A")
        page.keyboard.type(korean)
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(english)
    tab_to(page, "[name=condition_question]")
    page.keyboard.press("o")  # "only after “Any patents?”"
    tab_to(page, "[name=condition_option]")
    page.keyboard.press("n")
    page.keyboard.press("ArrowUp")
    saved(page)
    first, second = bench.form.questions()
    assert (first.kind, first.label.ko) == (Kind.YES_NO, "지식재산이 있습니까?")
    assert [option.label.en for option in second.options] == ["Patent", "Trade mark"]
    assert second.condition == Condition(first.code, Comparison.IS, "yes")

    page.keyboard.press("Escape")
    page.keyboard.press("Alt+ArrowUp")
    said(page, "Moved “Which kinds”: place 1 of 2 in “Application”.")
    expect(page.locator("[data-item][aria-current]")).to_be_focused()
    assert [q.code for q in bench.form.questions()] == [second.code, first.code]
    expect(page.locator("#item-problems")).to_contain_text(
        "It depends on “Any patents?”, which is asked later. Move one of them."
    )
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Moved “Which kinds”: place 2 of 2 in “Application”.")
    expect(page.locator("#item-problems")).not_to_contain_text("asked later")

    page.keyboard.press("d")
    said(page, "Duplicated “Which kinds”.")
    page.keyboard.press("Delete")
    said(page, "Removed “Which kinds (copy)”. Undo brings it back.")
    page.keyboard.press("Control+z")
    said(page, "Undone: removed “Which kinds (copy)”.")
    assert len(list(bench.form.questions())) == 3
    page.keyboard.press("Control+Shift+z")
    said(page, "Done again: removed “Which kinds (copy)”.")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#title_ko")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" 2")
    saved(page)
    assert bench.form.sections[0].title.ko == "신청 내용 2"


def test_what_is_typed_is_saved_by_itself_and_the_focus_stays(bench):
    bench.begin_with("ideas")
    page = bench.open("q.idea")
    page.locator("#help_en").fill("")
    page.locator("#help_en").press_sequentially("Not longer than a page.", delay=5)
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    saved(page)
    expect(page.locator("#help_en")).to_be_focused()
    assert bench.form.question("idea").help.en == "Not longer than a page."
    page.locator("#label_en").fill("What it is")
    expect(page.locator("[data-item='q.idea']")).to_contain_text("What it is")  # the outline follows


def test_a_question_is_dragged_into_another_section(bench):
    bench.begin_with("ideas")
    page = bench.open("q.title")
    grip = page.locator("li[data-question=title] [data-grip]").bounding_box()
    target = page.locator("li[data-question=link]").bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] + target["height"] - 4, steps=8)
    expect(page.locator(".outline-line")).to_be_visible()
    page.mouse.up()
    said(page, "Moved “Name of the idea”: place 5 of 5 in “The idea”.")
    assert [q.code for q in bench.form.sections[0].questions] == ["idea", "problem", "new", "link", "title"]
    grip = page.locator("li[data-section=way] > .outline-row [data-grip]").bounding_box()
    top = page.locator("li[data-section=idea]").bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(top["x"] + 5, top["y"] + 2, steps=8)
    page.mouse.up()
    said(page, "Moved “How it comes about”: section 1 of 4.")
    assert [s.code for s in bench.form.sections][:2] == ["way", "idea"]


def test_escape_lets_go_of_what_is_dragged(bench):
    bench.begin_with("ideas")
    page = bench.open("q.title")
    before = bench.form
    grip = page.locator("li[data-question=title] [data-grip]").bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, grip["y"] + 120, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".outline-line")).to_have_count(0)
    assert bench.form == before


def test_two_tabs_on_one_question_are_shown_both_texts(bench):
    bench.begin_with("ideas")
    mine = bench.open("q.title")
    bench.person.watch.allow.add(409)
    theirs = bench.person.context.new_page()
    theirs.goto(mine.url)
    theirs.locator("#label_en").fill("Their words")
    saved(theirs)
    expect(theirs.locator("[data-item='q.title']")).to_contain_text("Their words")
    mine.locator("#label_en").fill("My words")
    expect(mine.get_by_role("alert")).to_contain_text("Somebody saved while you were writing")
    expect(mine.locator(".versions")).to_contain_text("Their words")
    expect(mine.locator("#label_en")).to_have_value("My words")
    assert bench.form.question("title").label.en == "Their words"
    mine.locator("#label_en").fill("My words, after all")
    expect(mine.locator("[data-item='q.title']")).to_contain_text("My words, after all")
    expect(mine.get_by_role("alert")).to_have_count(0)
    assert bench.form.question("title").label.en == "My words, after all"


def test_a_broken_connection_is_told_and_made_good(bench):
    bench.begin_with("ideas")
    page = bench.open("q.title")
    bench.person.watch.problems.clear()
    page.route("**/form", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#label_en").fill("Typed while away")
    expect(page.locator("#saved")).to_contain_text("Not saved: the server did not answer.")
    assert bench.form.question("title").label.en == "Name of the idea"
    page.unroute("**/form")
    page.locator("#label_en").press_sequentially("!")
    saved(page)
    assert bench.form.question("title").label.en == "Typed while away!"
    bench.person.watch.problems.clear()  # the requests that were broken on purpose


def test_all_of_it_works_without_scripts(bench):
    page = bench.open(scripts=False, width=PHONE)
    page.get_by_role("button", name="Short text").click()
    page.locator("#label_ko").fill("이름")
    page.get_by_role("button", name="Amount in won").click()
    page.locator("#label_ko").fill("비용")
    page.get_by_role("button", name="Up", exact=True).click()
    assert [q.label.ko for q in bench.form.questions()] == ["비용", "이름"]
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    assert [q.label.ko for q in bench.form.questions()] == ["비용", "이름"]


def test_the_page_has_no_barrier_with_every_kind_of_question(bench):
    bench.begin_with("proposal")
    for width, dark in ((PHONE, True), (1280, False)):
        page = bench.open("q.ip", width=width, dark=dark)
        assert violations(page) == []
        page.locator("[data-item='q.privacy']").click()
        expect(page.locator("#text_ko")).to_be_visible()
        assert violations(page) == []
