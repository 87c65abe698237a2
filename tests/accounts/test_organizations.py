from datetime import date

import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.models import LegalForm, MembershipRole, Organization, OrganizationKind
from app.core.audit.models import AuditEvent, AuditPersonal
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken, StaleEdit
from tests import factories
from tests.factories import NOW

STARTUP = {
    "name_ko": "가온셈랩(가상)", "name_en": "Gaonsem Lab (fictional)", "legal_form": "corporation",
    "business_number": "999-99-01019", "founded_on": "2019-03-12", "predecessor_opened_on": "2016-02-29",
    "representative": "김하나", "address": "서울특별시 마포구", "website": "https://gaonsem.example",
}  # fmt: skip


def the_organization() -> Organization:
    db.session.rollback()
    return db.session.scalars(sa.select(Organization)).one()


def test_anybody_makes_a_startup_and_is_its_admin(browse_as):
    user = factories.make_user()
    browser = browse_as(user)
    response = browser.post("/organizations/new?kind=startup", data=STARTUP)
    assert response.status_code == 303
    startup = the_organization()
    assert response.location == f"/organizations/{startup.id}"
    assert startup.kind is OrganizationKind.STARTUP
    assert startup.business_number == "9999901019"
    assert startup.counts_from == date(2016, 2, 29)
    assert user.role_in(startup.id) is MembershipRole.ADMIN
    page = browser.get(response.location).text
    for text in (
        "가온셈랩(가상)",
        "999-99-01019",
        "법인",
        "2019. 3. 12.(화)",
        "https://gaonsem.example",
        "업력은 이 날짜부터",
    ):
        assert text in page
    assert startup.name.ko in browser.get("/organizations").text


def test_who_came_from_another_page_of_ours_is_led_back_there(browse_as):
    user = factories.make_user()
    browser = browse_as(user)
    assert "kind=startup&amp;next=/applications" in browser.get("/organizations/new?next=/applications").text
    here = "/organizations/new?kind=startup&next=/applications"
    assert 'href="/applications">돌아가기' in browser.get(here).text.replace("\n", "").replace("  ", "")
    assert browser.post(here, data={}).status_code == 422
    assert browser.post(here, data=STARTUP).location == "/applications"
    edit = f"/organizations/{the_organization().id}/edit"
    assert browser.post(f"{edit}?next=/applications", data={**STARTUP, "version": 1}).location == "/applications"
    stale = browser.post(f"{edit}?next=/applications", data={**STARTUP, "address": "부산", "version": 0})
    assert f"{edit}?next=/applications" in stale.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/no-such-page", "\\evil", "javascript:1"]
)
def test_who_came_from_elsewhere_is_led_to_the_organization(browse_as, wanted):
    browser = browse_as(factories.make_user())
    response = browser.post("/organizations/new", query_string={"kind": "startup", "next": wanted}, data=STARTUP)
    assert response.location == f"/organizations/{the_organization().id}"


def test_a_sponsor_has_a_post_for_certificates_and_no_dates(browse_as):
    browser = browse_as(factories.make_user())
    page = browser.get("/organizations/new?kind=sponsor").text
    assert "None" not in page
    assert "certificate_post_ko" in page
    assert "founded_on" not in page
    assert 'name="accent"' not in page
    browser.post(
        "/organizations/new?kind=sponsor",
        data={
            "name_ko": "신한금융지주",
            "certificate_post_ko": "대표",
            "founded_on": "2001-01-01",
            "accent": "#2146c7",
        },
    )
    sponsor = the_organization()
    assert (sponsor.certificate_post.ko, sponsor.founded_on, sponsor.accent) == ("대표", None, "")


def test_only_members_of_an_organizer_add_another(browse_as):
    host = factories.make_host()
    stranger, member = browse_as(factories.make_user()), browse_as(factories.make_user(member_of=host))
    assert stranger.get("/organizations/new?kind=host").status_code == 404
    assert stranger.post("/organizations/new?kind=host", data={"name_ko": "가짜 기관"}).status_code == 404
    assert "kind=host" not in stranger.get("/organizations/new").text
    assert "kind=host" in member.get("/organizations/new").text
    assert member.post("/organizations/new?kind=host", data={"name_ko": "M+", "accent": "#0b5d3b"}).status_code == 303
    with pytest.raises(RuleBroken):
        services.found_organization(
            OrganizationKind.HOST, services.Facts(Bilingual("가짜")), actor=factories.make_user(), now=NOW
        )


@pytest.mark.parametrize("kind", ["", "bank", "startup'", "x" * 3000])
def test_a_kind_that_is_none_leads_to_the_choice(browse_as, kind):
    page = browse_as(factories.make_user()).get("/organizations/new", query_string={"kind": kind})
    assert page.status_code == 200
    assert "kind=startup" in page.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name_ko": "", "name_en": " "}, "국문 이름이나 영문 이름 중 하나 이상을 입력해 주십시오."),
        ({"name_ko": "가" * 121}, "120자 이하로 입력해 주십시오. 지금은 121자입니다."),
        ({"legal_form": ""}, "기업 형태를 선택해 주십시오."),
        ({"legal_form": "bank"}, "기업 형태를 선택해 주십시오."),
        ({"business_number": ""}, "법인사업자와 개인사업자는 사업자등록번호를 입력해야 합니다."),
        ({"business_number": "999-99-01010"}, "검증번호(마지막 자리)가 맞지 않습니다."),
        ({"business_number": "12-3"}, "숫자 10자리입니다."),
        ({"business_number": "0" * 10}, "검증번호(마지막 자리)가 맞지 않습니다."),
        ({"founded_on": "2022-02-30"}, "날짜를 2022-09-23처럼 입력해 주십시오."),
        ({"founded_on": "soon"}, "날짜를 2022-09-23처럼 입력해 주십시오."),
        ({"founded_on": ""}, "날짜를 입력해 주십시오."),
        ({"founded_on": "2022-09-21"}, "미래의 날짜입니다."),
        ({"predecessor_opened_on": "2020-01-01"}, "개인사업자의 개업일은 법인 설립일보다 늦을 수 없습니다."),
        ({"website": "javascript:alert(1)"}, "누리집의 전체 주소를"),
        ({"website": "gaonsem.example"}, "누리집의 전체 주소를"),
        ({"website": "https://a b.example"}, "누리집의 전체 주소를"),
        ({"website": "https://[x"}, "누리집의 전체 주소를"),
        ({"website": "https://gaonsem.example@evil.example/"}, "누리집의 전체 주소를"),
        ({"address": "주" * 201}, "200자 이하로 입력해 주십시오. 지금은 201자입니다."),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_stored(browse_as, change, sentence):
    page = browse_as(factories.make_user()).post("/organizations/new?kind=startup", data={**STARTUP, **change})
    assert page.status_code == 422
    assert sentence in page.text
    if "representative" not in change:
        assert 'value="김하나"' in page.text
    db.session.rollback()
    assert db.session.scalars(sa.select(Organization)).all() == []


@pytest.mark.parametrize(
    ("form", "more"),
    [("pre_founder", {"founded_on": "", "predecessor_opened_on": ""}), ("foreign", {"predecessor_opened_on": ""})],
)
def test_pre_founders_and_companies_from_abroad_need_no_number(browse_as, form, more):
    data = {**STARTUP, "legal_form": form, "business_number": "", **more}
    assert browse_as(factories.make_user()).post("/organizations/new?kind=startup", data=data).status_code == 303
    assert the_organization().business_number is None


def test_names_are_shown_as_text(browse_as):
    browser = browse_as(factories.make_user())
    name = '<script>alert("x")</script>'
    response = browser.post("/organizations/new?kind=sponsor", data={"name_ko": name, "name_en": name})
    assert "<script>alert" not in browser.get(response.location).text


def test_other_peoples_organizations_are_not_there(browse_as):
    theirs = factories.make_organization()
    factories.make_user(member_of=theirs)
    browser = browse_as(factories.make_user(member_of=factories.make_organization()))
    assert browser.get(f"/organizations/{theirs.id}").status_code == 404
    assert browser.get(f"/organizations/{theirs.id}/edit").status_code == 404
    assert browser.get("/organizations/not-an-id").status_code == 404
    assert theirs.name.ko not in browser.get("/organizations").text


def test_members_see_the_button_greyed_with_its_reason(browse_as):
    startup = factories.make_organization()
    factories.make_user(member_of=startup)
    browser = browse_as(factories.make_user(member_of=startup, role=MembershipRole.MEMBER))
    page = browser.get(f"/organizations/{startup.id}").text
    assert 'aria-disabled="true"' in page
    assert "기관의 관리자만 기관 정보를 수정할 수 있습니다." in page
    assert browser.get(f"/organizations/{startup.id}/edit").status_code == 404
    assert browser.post(f"/organizations/{startup.id}/edit", data=STARTUP).status_code == 404


def test_facts_change_and_the_trail_says_what(browse_as):
    startup = factories.make_organization(business_number="1234567891")
    browser = browse_as(factories.make_user("김하나", member_of=startup))
    url = f"/organizations/{startup.id}/edit"
    assert 'value="123-45-67891"' in browser.get(url).text
    response = browser.post(url, data={**STARTUP, "version": "1"})
    assert (response.status_code, response.location) == (303, f"/organizations/{startup.id}")
    assert the_organization().version == 2
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "accounts.edit_organization")).one()
    assert event.details["after"]["name"]["ko"] == "가온셈랩(가상)"
    assert "business_number" not in event.details["after"]
    personal = db.session.get(AuditPersonal, event.id).content
    assert personal["before"]["business_number"] == "1234567891"
    assert personal["after"]["business_number"] == "9999901019"


def test_saving_nothing_new_is_no_version(browse_as):
    startup = factories.make_organization()
    user = factories.make_user(member_of=startup)
    facts = services.Facts(
        startup.name, startup.legal_form, "1234567891", startup.founded_on, representative=startup.representative
    )
    services.edit_organization(startup, facts, version=1, actor=user, now=NOW)
    assert startup.version == 2
    services.edit_organization(startup, facts, version=2, actor=user, now=NOW)
    assert startup.version == 2
    with pytest.raises(StaleEdit):
        services.edit_organization(startup, facts, version=1, actor=user, now=NOW)


def test_a_stale_tab_sees_both_versions_and_loses_nothing(browse_as):
    startup = factories.make_organization(business_number="1234567891")
    one = browse_as(factories.make_user("김하나", member_of=startup))
    other = browse_as(factories.make_user("이두리", member_of=startup))
    url = f"/organizations/{startup.id}/edit"
    one.post(url, data={**STARTUP, "address": "부산광역시", "version": "1"})
    conflict = other.post(url, data={**STARTUP, "address": "대전광역시", "version": "1"})
    assert conflict.status_code == 409
    text = " ".join(conflict.text.split())
    for part in ("부산광역시", "대전광역시", "김하나", 'name="version" value="2"', 'name="address" value="대전광역시"'):
        assert part in text
    assert the_organization().address == "부산광역시"
    assert other.post(url, data={**STARTUP, "address": "대전광역시", "version": "2"}).status_code == 303
    assert the_organization().address == "대전광역시"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_is_none_is_a_stale_one(browse_as, version):
    startup = factories.make_organization(business_number="1234567891")
    browser = browse_as(factories.make_user(member_of=startup))
    url = f"/organizations/{startup.id}/edit"
    assert browser.post(url, data={**STARTUP, "version": version}).status_code == 409
    assert the_organization().version == 1


def test_a_hosts_colour_is_served_for_light_and_dark(browse_as, client):
    host = factories.make_host()
    browser = browse_as(factories.make_user(member_of=host))
    url = f"/organizations/{host.id}"
    page = browser.post(f"{url}/edit", data={"name_ko": "서울핀테크랩", "accent": "#ffcc00", "version": "1"})
    assert page.status_code == 422
    assert "4.5:1 이상이 필요" in page.text
    assert browser.post(f"{url}/edit", data={"accent": "#002C5F", "version": "1"}).status_code == 303
    css = client.get(f"{url}/accent.css")
    assert css.content_type == "text/css; charset=utf-8"
    assert ':root, [data-bs-theme="light"] { --m-accent: #002c5f; }' in css.text
    dark = css.text.split("--m-accent: ")[-1][:7]
    assert css.text.count(dark) == 2
    assert f"{url}/accent.css" in browser.get(url).text
    assert client.get(f"/organizations/{factories.make_sponsor().id}/accent.css").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_an_organizations_page_takes_five_statements(browse_as, statements, count):
    startup = factories.make_organization()
    user = factories.make_user(member_of=startup)
    for number in range(count):
        factories.make_user(member_of=startup, role=MembershipRole.MEMBER)
        services.invite_member(startup, f"new{number}@example.org", MembershipRole.MEMBER, actor=user, now=NOW)
    browser = browse_as(user)
    db.session.expunge_all()
    statements.statements.clear()
    page = browser.get(f"/organizations/{startup.id}")
    assert page.text.count("@example.org</th>") == count
    assert len(statements) == 5


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_three_statements(browse_as, statements, count):
    user = factories.make_user()
    for _ in range(count):
        services.add_member(factories.make_organization(), user, role=MembershipRole.ADMIN, actor=None, now=NOW)
    browser = browse_as(user)
    db.session.expunge_all()
    statements.statements.clear()
    assert browser.get("/organizations").text.count('scope="row"') == count
    assert len(statements) == 3


def test_create_organization_keeps_what_it_is_given(app):
    actor = factories.make_user()
    host = services.create_organization(
        OrganizationKind.HOST, name=Bilingual("서울핀테크랩", "Seoul Fintech Lab"), actor=actor, now=NOW,
        accent="#2146C7", certificate_post=Bilingual("대표", "CEO"), is_demo=True,
    )  # fmt: skip
    assert (host.accent, host.is_demo, host.certificate_post.en) == ("#2146c7", True, "CEO")
    assert actor.role_in(host.id) is MembershipRole.ADMIN
    with pytest.raises(RuleBroken) as refusal:
        services.create_organization(
            OrganizationKind.STARTUP, name=Bilingual("가온"), actor=actor, now=NOW, legal_form=LegalForm.SOLE_TRADER
        )
    assert refusal.value.field == "business_number"
