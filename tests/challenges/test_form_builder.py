import pytest

from app.challenges import queries
from app.challenges.form.model import Kind
from app.core.database import db
from tests.challenges.drafts import Draft
from tests.challenges.shown import shown_form


@pytest.fixture
def draft():
    made = Draft()
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
    (question,) = form_of(draft).questions()
    assert question.kind is kind
    saved = press(browser, draft, "save", f"q.{question.code}", label_ko="이름", label_en="Name")
    assert saved.status_code == 200, saved.text
    (named,) = form_of(draft).questions()
    assert (named.label.ko, named.label.en) == ("이름", "Name")
