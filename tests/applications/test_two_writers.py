"""Two people save the same draft from different pages: fields merge, and of what both changed nothing is lost."""

import html as escaping
import re

import pytest

from app.accounts.models import MembershipRole
from app.applications import services
from app.applications.models import Application
from app.applications.services import DraftInput
from app.applications.writing import queries
from app.applications.writing.fields import draft_fields
from app.applications.writing.states import VersionKind
from app.core.database import db
from app.core.merging import fingerprints, read_bases
from tests import factories
from tests.applications.scenes import OPEN, make_scene


@pytest.fixture
def scene():
    scene = make_scene()
    scene.other = factories.make_user("박둘", member_of=scene.startup, role=MembershipRole.MEMBER)
    db.session.commit()
    return scene


def bases(scene):
    """What a page that is opened now is made from."""
    return fingerprints(draft_fields(scene.application))


def save(scene, actor, bases, tab=None, **answers):
    draft = DraftInput(answers=answers, bases=bases, tab=tab)
    return services.save_draft(scene.application, draft, version=0, actor=actor, now=OPEN)


def test_different_fields_merge_and_nobody_is_asked(scene):
    opened = bases(scene)
    save(scene, scene.person, opened, summary="첫째의 글", employees="", site="")
    merged = save(scene, scene.other, opened, summary="", employees="12", site="")
    assert (set(merged.changes), set(merged.unseen), merged.conflicts) == ({"answer-employees"}, {"answer-summary"}, {})
    assert scene.application.answers == {"summary": "첫째의 글", "employees": "12"}


def test_the_same_field_stays_as_it_stands_and_the_other_text_is_kept(scene):
    opened = bases(scene)
    save(scene, scene.person, opened, summary="첫째의 글", employees="")
    merged = save(scene, scene.other, opened, summary="둘째의 글", employees="12")
    assert merged.conflicts["answer-summary"].mine == "둘째의 글"
    assert scene.application.answers == {"summary": "첫째의 글", "employees": "12"}
    aside = next(v for v in queries.list_versions(scene.application) if v.kind is VersionKind.KEPT_ASIDE)
    assert aside.changes == {"answer-summary": {"before": "첫째의 글", "after": "둘째의 글"}}
    save(scene, scene.other, opened, summary="둘째의 글!", employees="13")  # it goes on saving by itself: no flood
    kinds = [v.kind for v in queries.list_versions(scene.application)]
    assert kinds.count(VersionKind.KEPT_ASIDE) == 1
    assert len(kinds) == 3
    decided = save(scene, scene.other, bases(scene), summary="하나로 만든 글")
    assert scene.application.answers["summary"] == "하나로 만든 글"
    assert decided.conflicts == {}


def test_a_page_is_in_no_conflict_with_its_own_saves(scene):
    opened = bases(scene)
    save(scene, scene.person, opened, "a", summary="하나")
    save(scene, scene.person, opened, "a", summary="하나 둘")  # the answer to the first never arrived
    assert scene.application.answers["summary"] == "하나 둘"
    assert save(scene, scene.person, opened, "b", summary="다른 탭").conflicts


def test_emptying_a_field_is_a_change_like_any_other(scene):
    save(scene, scene.person, bases(scene), summary="글")
    opened = bases(scene)
    save(scene, scene.person, opened, summary="")
    assert scene.application.answers == {}
    assert save(scene, scene.other, opened, summary="글을 더").conflicts
    assert scene.application.answers == {}


def page_of(browser, path):
    page = browser.get(path).text
    return {
        "base": escaping.unescape(re.search(r'id="base" value="([^"]*)"', page)[1]),
        "version": re.search(r'id="version" value="(\d+)"', page)[1],
        "tab": re.search(r'name="tab" value="(\w+)"', page)[1],
        "form": re.search(r'name="form" value="(\w+)"', page)[1],
        "section": "proposal",
    }


def reread(scene) -> Application:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Application, scene.application.id)


def test_saving_by_itself_merges_tells_and_shows_both(scene, browse_as):
    first, second = browse_as(scene.person), browse_as(scene.other)
    path, autosave = (f"/applications/{scene.application.id}/{end}" for end in ("edit/proposal", "autosave"))
    mine, theirs = page_of(first, path), page_of(second, path)
    answer = first.post(autosave, data=mine | {"answer-summary": "첫째의 글", "answer-employees": ""})
    assert "저장됨" in answer.text
    assert read_bases(escaping.unescape(re.search(r'id="base" value="([^"]*)"', answer.text)[1]))
    answer = second.post(autosave, data=theirs | {"answer-summary": "", "answer-employees": "7"})
    assert answer.status_code == 200
    assert "김하나 님이 “제안 요약”을(를) 바꿨습니다" in answer.text
    assert reread(scene).answers == {"summary": "첫째의 글", "employees": "7"}
    answer = second.post(autosave, data=theirs | {"answer-summary": "둘째의 글", "answer-employees": "8"})
    assert answer.status_code == 422
    assert "김하나 님도 “제안 요약”을(를) 바꿨습니다" in answer.text
    assert "저장됨" not in answer.text
    assert reread(scene).answers == {"summary": "첫째의 글", "employees": "8"}  # the rest is saved all the same
    page = second.post(path, data=theirs | {"answer-summary": "둘째의 글", "answer-employees": "8"})
    assert page.status_code == 409
    for text in ("첫째의 글", ">\n둘째의 글</textarea>", "<ins>", "김하나", 'value="8"'):
        assert text in page.text
    assert "hx-post" not in page.text.partition('id="application-form"')[2].partition(">")[0]
    again = page_of_text(page.text)
    assert (
        second.post(
            path, data=again | {"answer-summary": "둘을 하나로", "answer-employees": "8", "draft": "1"}
        ).status_code
        == 303
    )
    assert reread(scene).answers["summary"] == "둘을 하나로"
    versions = first.get(f"/applications/{scene.application.id}/versions").text
    assert "따로 보관" in versions


def page_of_text(text):
    return {"base": escaping.unescape(re.search(r'id="base" value="([^"]*)"', text)[1]), "section": "proposal"}


def test_the_contact_merges_like_everything_else(scene, browse_as):
    first, second = browse_as(scene.person), browse_as(scene.other)
    path = f"/applications/{scene.application.id}/edit/contact"
    opened = page_of_text(first.get(path).text)
    fields = {
        "contact_name": "김하나",
        "contact_email": "hana@example.org",
        "contact_phone": "02-123-4567",
        "draft": "1",
    }
    assert first.post(path, data=opened | fields | {"contact_name": "이첫째", "contact_phone": ""}).status_code == 303
    answer = second.post(path, data=opened | fields | {"contact_name": "박둘째", "contact_phone": "02-765-4321"})
    assert answer.status_code == 409
    assert "이첫째" in answer.text
    assert 'value="박둘째"' in answer.text
    application = reread(scene)
    assert (application.contact_name, application.contact_phone) == ("이첫째", "02-765-4321")


def test_nonsense_for_a_base_overwrites_nothing(scene, browse_as):
    save(scene, scene.person, bases(scene), summary="서 있는 글")
    db.session.commit()
    path = f"/applications/{scene.application.id}/edit/proposal"
    for base in ("", "{", "[1]", '{"answer-summary": 3}', "\x00"):
        answer = browse_as(scene.other).post(path, data={"base": base, "answer-summary": "넘어 쓰기", "version": "999"})
        assert answer.status_code == 409
    assert reread(scene).answers == {"summary": "서 있는 글"}
