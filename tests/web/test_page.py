"""The frame of every page: languages, navigation by role, pages of long lists, places for later features."""

import re

import pytest
from flask import render_template_string
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import DataRequired

from app.accounts.models import OrganizationKind
from app.core.database import db
from app.judging.models import Judge
from app.judging.states import JudgeState
from app.web import panels as places
from app.web.filters import local
from app.web.forms import BaseForm, strip
from app.web.pagination import PER_PAGE, Page, asked_page
from tests import factories
from tests.access import make_scene
from tests.factories import ApplicationState, ChallengeState


def menu(page: str) -> list[str]:
    inner = page.split('<nav aria-label="주 메뉴">')[1].split("</nav>", maxsplit=1)[0]
    return re.findall(r">([^<>]+)</a>", inner)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("visitor", ["챌린지", "상장 확인"]),
        ("startup", ["챌린지", "내 신청서", "상장 확인"]),
        ("judge", ["챌린지", "내 평가", "상장 확인"]),
        ("sponsor", ["챌린지", "수요기업 과제", "상장 확인"]),
        ("organizer", ["챌린지", "챌린지 운영", "상장 확인"]),
    ],
)
def test_each_role_has_its_menu(browse_as, role, expected):
    scene = make_scene(ChallengeState.JUDGING, ApplicationState.ELIGIBLE)
    assert menu(browse_as(scene.people[role]).get("/nowhere").text) == expected


def test_somebody_with_all_roles_has_the_whole_menu(browse_as):
    user = factories.make_user()
    for kind in OrganizationKind:
        db.session.add(
            factories.Membership(
                user=user,
                organization=factories.make_organization(kind),
                role=factories.MembershipRole.MEMBER,
                created_at=factories.NOW,
            )
        )
    challenge = factories.make_challenge()
    db.session.add(
        Judge(
            challenge_id=challenge.id,
            user_id=user.id,
            email=user.email,
            name=user.name,
            state=JudgeState.ACCEPTED,
            token_sha256="b" * 64,
            invited_at=factories.NOW,
            pledged_at=factories.NOW,
        )
    )
    db.session.commit()
    db.session.refresh(user, ["memberships"])
    assert menu(browse_as(user).get("/nowhere").text) == [
        "챌린지",
        "내 신청서",
        "챌린지 운영",
        "수요기업 과제",
        "내 평가",
        "상장 확인",
    ]


def test_the_present_part_of_the_menu_is_marked_once(client):
    page = client.get("/verify").text
    inner = page.split('<nav aria-label="주 메뉴">')[1].split("</nav>")[0]
    assert inner.count('aria-current="page"') == 1
    assert inner.split('aria-current="page"')[1].split("</a>")[0].strip(" >") == "상장 확인"


def test_the_menu_costs_few_statements(browse_as, statements):
    user = factories.make_user(member_of=factories.make_organization())
    browser = browse_as(user)
    browser.get("/nowhere")
    db.session.remove()
    statements.statements.clear()
    browser.get("/nowhere")
    assert len(statements) <= 3  # the person, the memberships with their organizations, whether they judge


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko-KR,ko;q=0.9", "ko"),
        ("en-GB,en;q=0.8,ko;q=0.5", "en"),
        ("fr", "ko"),
        ("", "ko"),
        ("*", "ko"),
        (";;;q=x", "ko"),
    ],
)
def test_a_visitor_reads_what_the_browser_asks_for(client, header, language):
    response = client.get("/nowhere", headers={"Accept-Language": header})
    assert f'<html lang="{language}"' in response.text


def test_a_chosen_language_stays(client):
    client.post("/language", data={"language": "en", "next": "/nowhere"})
    assert '<html lang="en"' in client.get("/nowhere", headers={"Accept-Language": "ko"}).text


def test_a_persons_language_goes_before_the_browsers(browse_as):
    user = factories.make_user(language="en")
    assert '<html lang="en"' in browse_as(user).get("/nowhere", headers={"Accept-Language": "ko"}).text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("", 1),
        ("²", 1),
        ("٣", 1),
        ("9" * 30, 1),
        ("1.5", 1),
        ("999999", 999999),
    ],
)
def test_the_page_asked_for_is_a_number_or_the_first(app, text, number):
    with app.test_request_context("/", query_string={"page": text}):
        assert asked_page() == number


def test_a_list_knows_its_pages():
    assert (Page(1, 0).count, Page(1, PER_PAGE).count, Page(1, PER_PAGE + 1).count) == (1, 1, 2)
    assert Page(3, 740).offset == 500


def test_pages_keep_the_filters_in_the_address(app):
    template = '{% from "_macros/page.html" import pagination %}{{ pagination(page) }}'
    with app.test_request_context("/?state=eligible&theme=T1&theme=T2&page=2"):
        html = render_template_string(template, page=Page(2, 740))
    assert 'rel="prev" href="?state=eligible&amp;theme=T1&amp;theme=T2&amp;page=1"' in html
    assert 'rel="next" href="?state=eligible&amp;theme=T1&amp;theme=T2&amp;page=3"' in html
    assert "740건 중 251–500" in html
    with app.test_request_context("/"):
        assert render_template_string(template, page=Page(1, 250)).strip() == ""


def test_a_column_sorts_both_ways_and_says_which(app):
    template = '{% from "_macros/pictures.html" import sort_head %}{{ sort_head("점수", "score", sort, numeric=true) }}'
    with app.test_request_context("/?state=eligible&page=4&sort=score"):
        html = render_template_string(template, sort="score")
        assert 'aria-sort="ascending"' in html
        assert 'href="?state=eligible&amp;sort=-score"' in html
        assert 'aria-sort="descending"' in render_template_string(template, sort="-score")
        assert "aria-sort" not in render_template_string(template, sort="name")


def test_later_features_fill_a_place_in_the_order_they_came(app, monkeypatch):
    monkeypatch.setattr(places, "_PANELS", {})

    @places.panel("challenge.public")
    def first(subject):
        return Markup("<p>{}</p>").format(subject)

    @places.panel("challenge.public")
    def second(_subject):
        return ""

    places.panel("challenge.public")(first)  # registered once more, shown once
    with app.test_request_context():
        assert places.panels("challenge.public", "<b>") == Markup("<p>&lt;b&gt;</p>")
        assert places.panels("challenge.managed", "x") == ""


@pytest.mark.parametrize(
    ("state", "present", "absent"),
    [
        ("draft", ["개요", "모집공고", "기록"], ["신청서", "평가위원", "순위", "상장"]),
        ("published", ["신청서", "평가위원"], ["배정", "진행 현황", "순위", "선정결과", "상장"]),
        ("closed", ["배정"], ["순위"]),
        ("judging", ["진행 현황", "순위", "결정"], ["선정결과", "상장"]),
        ("decided", ["선정결과", "상장"], []),
        ("results_out", ["선정결과", "상장"], []),
    ],
)
def test_a_challenges_tabs_are_those_that_make_sense(app, state, present, absent):
    challenge = factories.make_challenge(state=ChallengeState(state))
    template = (
        '{% from "_macros/manage.html" import manage_head %}{{ manage_head(challenge, "challenges.show_managed") }}'
    )
    with app.test_request_context():
        html = render_template_string(template, challenge=challenge)
    tabs = [part.split("</a>")[0].split(">")[-1] for part in html.split("<nav")[1].split("<a ")[1:]]
    assert set(present) <= set(tabs)
    assert not set(absent) & set(tabs)
    assert html.count('aria-current="page"') == 1
    assert local(challenge.title) in html


def test_a_field_ties_its_hint_and_its_error_to_its_control(app):
    class Small(BaseForm):
        name = StringField("이름", [DataRequired("이름을 적어 주십시오.")], description="등기부의 이름")

    with app.test_request_context("/", method="POST", data={"name": "  "}):
        form = Small()
        assert not form.validate()
        html = render_template_string(
            '{% from "_macros/forms.html" import field, error_summary %}{{ error_summary(form) }}{{ field(form.name) }}',
            form=form,
        )
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<a href="#name">이름: 이름을 적어 주십시오.</a>' in html
    assert "고쳐야 할 곳이 1군데" in html


@pytest.mark.parametrize(("typed", "kept"), [("  가 ", "가"), ("가\r\n나", "가\n나"), (None, None), (3, 3)])
def test_blanks_around_a_text_and_double_line_ends_go(typed, kept):
    assert strip(typed) == kept
