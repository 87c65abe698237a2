"""The form builder's pages: what its buttons do, in one tab and in two."""

import io
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.challenges import queries
from app.challenges.form.checks import why_not_publish
from app.challenges.form.codec import export_form
from app.challenges.form.model import Comparison, Condition, Form, Kind
from app.challenges.models import ChallengeRole, ChallengeStaff
from app.challenges.starts import read_start
from app.core.database import db
from tests import factories
from tests.challenges.drafts import Draft
from tests.challenges.shown import shown_form

NONSENSE = st.text(max_size=40) | st.sampled_from(
    ["-1", "9" * 20, "NaN", "٣", "2022-13-01", "a" * 30_000, "y", "q.title", ""]
)
STARTS = ("proposal", "poc", "ideas", "interest")
STATEMENTS = 8


@pytest.fixture
def draft():
    made = Draft()
    made.challenge.form = Form()
    made.organizer.language = "en"
    db.session.commit()
    return made


@pytest.fixture
def browser(draft, browse_as):
    return browse_as(draft.organizer)


def url(draft, item=""):
    return f"/manage/{draft.challenge.id}/form" + (f"?at={item}" if item else "")


def form_of(draft):
    db.session.expire_all()
    return queries.get_working_copy(draft.challenge).form


def press(browser, draft, do, item="", **typed):
    """Press a button of the page that shows `item`, with what is typed beside what stands there."""
    data = shown_form(browser.get(url(draft, item)), "builder")
    for name, value in typed.items():
        data[name] = value
    data["do"] = do
    return browser.post(url(draft), data=data, follow_redirects=True)


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_added_shown_and_saved(browser, draft, kind):
    page = press(browser, draft, f"add:{kind.value}")
    assert page.status_code == 200
    known = {question.code for question in draft.challenge.form.questions()}
    (question,) = (question for question in form_of(draft).questions() if question.code not in known)
    assert question.kind is kind
    saved = press(browser, draft, "save", f"q.{question.code}", label_ko="이름", label_en="Name")
    assert saved.status_code == 200, saved.text
    named = form_of(draft).question(question.code)
    assert (named.label.ko, named.label.en) == ("이름", "Name")


def test_a_button_keeps_what_is_typed_before_it_does_its_work(browser, draft):
    press(browser, draft, "add:short_text")
    (first,) = form_of(draft).questions()
    press(browser, draft, "add:number", f"q.{first.code}", label_ko="한 줄 소개", label_en="In one line", limit="80")
    one, two = form_of(draft).questions()
    assert (one.label.en, one.limit, two.kind) == ("In one line", 80, Kind.NUMBER)


def test_moving_is_told_in_a_sentence_and_goes_over_the_sections_border(browser, draft):
    take(browser, draft, "ideas")
    page = press(browser, draft, "up:q.how", "q.how")
    assert "Moved “How you would do it”: place 6 of 6 in “The idea”." in page.text
    assert [q.code for q in form_of(draft).sections[0].questions][-1] == "how"
    page = press(browser, draft, "up:s.idea", "s.idea")
    assert "“The idea” stands at the end already." in page.text
    press(browser, draft, "place:q.link:way:0")
    assert [q.code for q in form_of(draft).sections[1].questions] == ["link", "stage", "sketch"]


def test_removed_is_brought_back_by_undo_and_taken_by_redo(browser, draft):
    take(browser, draft, "ideas")
    whole = form_of(draft)
    page = press(browser, draft, "remove:s.people", "s.people")
    assert "Removed “Who applies”. Undo brings it back." in page.text
    assert [s.code for s in form_of(draft).sections] == ["idea", "way", "consents"]
    assert "Undone: removed “Who applies”." in press(browser, draft, "undo").text
    assert form_of(draft) == whole
    press(browser, draft, "redo")
    assert [s.code for s in form_of(draft).sections] == ["idea", "way", "consents"]


def test_a_condition_is_chosen_by_what_suits_the_question(browser, draft):
    take(browser, draft, "poc")
    page = press(browser, draft, "save", "q.risks", condition_question="readiness")
    assert 'name="condition_option"' in page.text
    assert form_of(draft).question("risks").condition == Condition("readiness", Comparison.IS, "lab")
    page = press(browser, draft, "save", "q.risks", condition_question="months")
    assert 'name="condition_value"' in page.text
    assert 'value="at_least"' in page.text
    press(browser, draft, "save", "q.risks", condition_comparison="at_least", condition_value="6")
    assert form_of(draft).question("risks").condition == Condition("months", Comparison.AT_LEAST, "6")
    press(browser, draft, "save", "q.risks", condition_question="")
    assert form_of(draft).question("risks").condition is None


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("months", "The conditions go in a circle: it would depend on itself."),
        ("needs", "It depends on “From the sponsor”, which is asked later. Move one of them."),
        ("nowhere", "Choose one of the list."),
    ],
)
def test_a_condition_on_itself_or_on_what_is_asked_later_is_refused(browser, draft, on, sentence):
    take(browser, draft, "poc")
    page = press(browser, draft, "save", "q.months", condition_question=on, label_en="Months")
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="Months"' in page.text  # nothing typed is lost
    assert form_of(draft).question("months").condition is None


def test_what_is_half_done_is_kept_and_named(browser, draft):
    page = press(browser, draft, "add:choice")
    (question,) = form_of(draft).questions()
    page = press(browser, draft, "rows-remove-0", f"q.{question.code}")
    page = press(browser, draft, "rows-remove-0", f"q.{question.code}")
    assert form_of(draft).question(question.code).options == ()
    assert "Give at least two options to choose from." in page.text
    press(browser, draft, "rows-add", f"q.{question.code}")
    press(browser, draft, "save", f"q.{question.code}", **{"rows-0-label_ko": "예", "rows-0-label_en": "Yes"})
    (option,) = form_of(draft).question(question.code).options
    assert option.label.ko == "예"


def test_a_number_that_is_none_is_named_and_nothing_typed_is_lost(browser, draft):
    press(browser, draft, "add:money")
    (question,) = form_of(draft).questions()
    page = press(browser, draft, "save", f"q.{question.code}", label_ko="비용", least="많이")
    assert page.status_code == 422
    assert "Enter a number; “많이” is not one." in page.text
    assert "비용" in page.text
    press(browser, draft, "save", f"q.{question.code}", least="3,000만")
    assert form_of(draft).question(question.code).least == 30_000_000


def test_two_tabs_on_one_question_see_both_texts(browser, draft, browse_as):
    take(browser, draft, "ideas")
    stale = shown_form(browser.get(url(draft, "q.title")), "builder")
    press(browser, draft, "save", "q.title", label_en="The other tab's words")
    stale["label_en"], stale["do"] = "My words", "save"
    page = browser.post(url(draft), data=stale)
    assert page.status_code == 409
    assert "The other tab&#39;s words" in page.text
    assert "My words" in page.text
    assert form_of(draft).question("title").label.en == "The other tab's words"
    mine = shown_form(page, "builder")
    mine["do"] = "save"
    assert browser.post(url(draft), data=mine).status_code == 303
    assert form_of(draft).question("title").label.en == "My words"


def test_two_tabs_on_different_questions_do_not_disturb_each_other(browser, draft):
    take(browser, draft, "ideas")
    one = shown_form(browser.get(url(draft, "q.title")), "builder")
    two = shown_form(browser.get(url(draft, "q.idea")), "builder")
    for data, words in ((one, "First"), (two, "Second")):
        data["label_en"], data["do"] = words, "save"
        assert browser.post(url(draft), data=data).status_code == 303
    form = form_of(draft)
    assert (form.question("title").label.en, form.question("idea").label.en) == ("First", "Second")


def test_a_stale_tab_neither_removes_nor_undoes_what_it_has_not_seen(browser, draft):
    take(browser, draft, "ideas")
    stale = shown_form(browser.get(url(draft, "q.title")), "builder")
    press(browser, draft, "save", "q.idea", label_en="Written since")
    before = form_of(draft)
    for do in ("remove:q.idea", "undo", "discard"):
        stale["do"] = do
        page = browser.post(url(draft), data=stale, follow_redirects=True)
        assert "The form was changed in another window since you opened this page." in page.text
    assert form_of(draft) == before


def test_what_somebody_else_removed_is_said(browser, draft):
    take(browser, draft, "ideas")
    stale = shown_form(browser.get(url(draft, "q.title")), "builder")
    press(browser, draft, "remove:q.title")
    stale["do"] = "save"
    page = browser.post(url(draft), data=stale, follow_redirects=True)
    assert "What you had open is not in the form any more; somebody removed it." in page.text


def test_an_observer_reads_and_changes_nothing(draft, browse_as):
    person = factories.make_user("최도움")
    person.language = "en"
    db.session.add(ChallengeStaff(challenge_id=draft.challenge.id, user_id=person.id, role=ChallengeRole.OBSERVER))
    db.session.commit()
    observer = browse_as(person)
    page = observer.get(url(draft))
    assert "Only the organizer&#39;s staff can do this." in page.text
    assert 'name="do"' not in page.text
    observer.post(url(draft), data={"do": "add:number"})
    assert form_of(draft) == Form()


@pytest.mark.parametrize(
    "do", ["", "up:q.nothing", "add:poem", "place:q.x", "open:z.9", "rows-up-77", "x" * 5000, "remove:"]
)
def test_nonsense_breaks_nothing(browser, draft, do):
    take(browser, draft, "ideas")
    before = form_of(draft)
    data = shown_form(browser.get(url(draft, "q.title")), "builder")
    data["do"] = do
    assert browser.post(url(draft), data=data, follow_redirects=True).status_code == 200
    assert form_of(draft) == before


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 999), NONSENSE), min_size=1, max_size=4),
    st.sampled_from(["title", "members", "privacy", "stage"]),
)
def test_nonsense_in_the_fields_never_breaks_the_page(browser, draft, nonsense, question):
    take(browser, draft, "ideas")
    data = shown_form(browser.get(url(draft, f"q.{question}")), "builder")
    names = sorted(data)
    for place, value in nonsense:
        data[names[place % len(names)]] = value
    data["do"] = "save"
    assert browser.post(url(draft), data=data).status_code in (303, 409, 422)
    db.session.rollback()
    assert browser.get(url(draft, f"q.{question}")).status_code == 200


def take(browser, draft, template):
    data = {"version": version_of(browser, draft), "template": template}
    return browser.post(url(draft) + "/begin", data=data, follow_redirects=True)


def version_of(browser, draft):
    return re.search(r'name="version" value="(\d+)"', browser.get(url(draft) + "/begin").text)[1]


@pytest.mark.parametrize("start", STARTS)
def test_each_template_is_whole_and_bilingual(app, start):
    with app.test_request_context():
        form = read_start(start)
        assert why_not_publish(form, ["T1"]) == []
        assert all(q.label.ko and q.label.en for q in form.questions())


def test_a_file_that_is_no_form_is_told_where(browser, draft):
    def send(content):
        version = version_of(browser, draft)
        data = {"version": version, "file": (io.BytesIO(content), "form.json")}
        return browser.post(url(draft) + "/begin", data=data, content_type="multipart/form-data")

    page = send(b"{")
    assert page.status_code == 422
    assert "Line 1, column 2" in page.text
    form = json.loads(export_form(read_start("ideas")))
    form["sections"][1]["questions"][0]["kind"] = "poem"
    page = send(json.dumps(form).encode())
    assert "sections[1].questions[0].kind" in page.text
    assert "poem" in page.text
    assert send(b"\xff\xfe\x00").status_code == 422
    assert send(b'{"format": 1, "sections": [' + b"[" * 200_000).status_code == 422
    assert form_of(draft) == Form()


def test_what_is_exported_is_read_in_again_as_it_was(browser, draft):
    take(browser, draft, "proposal")
    whole = form_of(draft)
    exported = browser.get(url(draft) + "/export")
    assert exported.mimetype == "application/json"
    assert "attachment" in exported.headers["Content-Disposition"]
    take(browser, draft, "interest")
    version = version_of(browser, draft)
    data = {"version": version, "file": (io.BytesIO(exported.data), "양식.json")}
    browser.post(url(draft) + "/begin", data=data, content_type="multipart/form-data")
    assert form_of(draft) == whole


def test_the_page_asks_few_statements_however_long_the_form(browser, draft, statements):
    press(browser, draft, "add:number")
    browser.get(url(draft))
    statements.statements.clear()
    browser.get(url(draft))
    few = len(statements)
    take(browser, draft, "proposal")
    statements.statements.clear()
    browser.get(url(draft))
    assert len(statements) == few == STATEMENTS
