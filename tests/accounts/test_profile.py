"""A startup's profile: who writes it, what may stand in it, and that two people never overwrite each other."""

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import MembershipRole, OrganizationKind
from app.accounts.profile import rules, services
from app.accounts.profile.codes import (
    DOCUMENT_KINDS,
    INDUSTRIES,
    REGIONS,
    STAGES,
    DocumentKind,
    Industry,
    InvestmentStage,
    Region,
)
from app.accounts.profile.content import profile_content, profile_texts
from app.accounts.profile.facts import FACTS
from app.accounts.profile.models import ProfileDocument, StartupProfile, TeamMember
from app.accounts.profile.queries import get_profile
from app.applications.content import company_content
from app.core.audit.models import AuditEvent
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.merging import fingerprints, read_bases, write_bases
from tests import factories
from tests.factories import NOW
from tests.files import PDF, pdf

FACTS_TYPED = {
    "region": "11", "industry": "K", "employees": "1,200", "capital_krw": "50000000", "investment_stage": "seed",
    "one_line_ko": "현금흐름으로 신용을 봅니다.", "description_ko": "첫 줄\r\n둘째 줄", "products_ko": "점수 API",
    "revenue_2021": "300,000,000",
}  # fmt: skip


@pytest.fixture
def startup():
    return factories.make_organization(representative="홍길동")


@pytest.fixture
def person(startup):
    return factories.make_user(member_of=startup, role=MembershipRole.MEMBER)


def url(startup, rest=""):
    return f"/organizations/{startup.id}/profile{rest}"


def test_every_code_has_two_names():
    for codes, names in (
        (Industry, INDUSTRIES),
        (Region, REGIONS),
        (InvestmentStage, STAGES),
        (DocumentKind, DOCUMENT_KINDS),
    ):
        assert set(codes) == set(names)
        assert all(both.ko and both.en for both in names.values())


def test_a_member_writes_the_facts_and_they_stand_in_columns(startup, person):
    assert get_profile(startup) is None
    merged = services.edit_profile(startup, FACTS_TYPED, bases={}, actor=person, now=NOW)
    assert set(merged.changes) == set(FACTS_TYPED)
    db.session.commit()
    profile = get_profile(startup)
    assert (profile.region, profile.industry, profile.employees) == (Region.SEOUL, Industry.FINANCE, 1200)
    assert profile.capital_krw == 50_000_000
    assert profile.description.ko == "첫 줄\n둘째 줄"
    assert [(r.year, r.revenue_krw) for r in profile.revenues] == [(2021, 300_000_000)]
    assert (profile.version, profile.saved_by_id, profile.saved_at) == (1, person.id, NOW)
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "accounts.edit_profile")).one()
    assert event.details["facts"] == sorted(FACTS_TYPED)
    services.edit_profile(
        startup,
        {"revenue_2021": "", "region": ""},
        bases=fingerprints(profile_texts(profile, [2021])),
        actor=person,
        now=NOW,
    )
    assert profile.revenues == []
    assert profile.region is None


def test_two_people_who_change_different_facts_both_get_what_they_wrote(startup, person):
    other = factories.make_user(member_of=startup)
    services.edit_profile(startup, FACTS_TYPED, bases={}, actor=person, now=NOW)
    texts = profile_texts(get_profile(startup), [2021])
    bases = fingerprints(texts)
    services.edit_profile(startup, texts | {"employees": "8"}, bases=bases, actor=person, now=NOW)
    merged = services.edit_profile(startup, texts | {"region": "26"}, bases=bases, actor=other, now=NOW)
    assert (merged.changes, set(merged.unseen), merged.conflicts) == ({"region": "26"}, {"employees"}, {})
    merged = services.edit_profile(
        startup, texts | {"employees": "9", "industry": "J"}, bases=bases, actor=other, now=NOW
    )
    assert set(merged.conflicts) == {"employees"}
    profile = get_profile(startup)
    assert (profile.employees, profile.region, profile.industry) == (8, Region.BUSAN, Industry.INFORMATION)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("region", "99"), ("industry", "Z"), ("industry", "k"), ("employees", "열둘"), ("employees", "-1"), ("employees", "1.5"),
        ("employees", "1,20"), ("employees", "2000000"), ("employees", "１２"), ("capital_krw", "1" + "0" * 16), ("revenue_2023", "1"),
        ("revenue_abcd", "1"), ("revenue_²", "1"), ("one_line_ko", "가" * 121), ("description_en", "a" * 5001),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_refused_beside_its_field(startup, person, name, text):
    assert rules.why_not_fact(name, text, NOW)
    with pytest.raises(RuleBroken) as refused:
        services.edit_profile(startup, {name: text}, bases={}, actor=person, now=NOW)
    assert refused.value.field == name


def test_strangers_and_other_kinds_have_no_profile(startup):
    stranger = factories.make_user(member_of=factories.make_organization())
    assert rules.why_not_edit_profile(startup, stranger)
    host = factories.make_host()
    assert rules.why_not_edit_profile(host, factories.make_user(member_of=host))
    assert host.kind is OrganizationKind.HOST


def test_people_and_documents_come_and_go(startup, person, app):
    member = services.add_team_member(startup, name="이기술", role="CTO", career="연구소 7년", actor=person, now=NOW)
    services.edit_team_member(startup, member, name="이기술", role="CPO", career="", actor=person, now=NOW)
    document = services.add_profile_document(
        startup, DocumentKind.NATIONAL_TAX, stream=io.BytesIO(PDF), filename="납세.pdf", storage=app.extensions["storage"],
        issued_on=date(2022, 9, 1), expires_on=date(2022, 10, 1), actor=person, now=NOW,
    )  # fmt: skip
    content = profile_content(get_profile(startup))
    assert content["team"] == [{"name": "이기술", "role": "CPO", "career": ""}]
    assert content["documents"][0]["expires_on"] == "2022-10-01"
    services.date_profile_document(
        startup, document, DocumentKind.LOCAL_TAX, issued_on=date(2022, 9, 2), expires_on=None, actor=person, now=NOW
    )
    services.remove_team_member(startup, member, actor=person, now=NOW)
    services.remove_profile_document(startup, document, actor=person, now=NOW)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TeamMember)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProfileDocument)) == 0
    named = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "accounts.add_team_member")).one()
    assert "이기술" not in str(named.details)


@pytest.mark.parametrize(
    ("content", "filename", "field"),
    [(b"", "a.pdf", "file"), (b"MZ...", "a.pdf", "file"), (PDF, "a.hwp", "file"), (PDF, "a", "file")],
)
def test_a_file_that_is_none_of_ours_is_refused(startup, person, app, content, filename, field):
    with pytest.raises(RuleBroken) as refused:
        services.add_profile_document(
            startup, DocumentKind.OTHER, stream=io.BytesIO(content), filename=filename, storage=app.extensions["storage"],
            actor=person, now=NOW,
        )  # fmt: skip
    assert refused.value.field == field


def test_dates_that_cannot_be_are_refused():
    assert rules.why_not_dates(date(2022, 9, 21), None, NOW)[0] == "issued_on"
    assert rules.why_not_dates(date(2022, 9, 20), date(2022, 9, 19), NOW)[0] == "expires_on"
    assert rules.why_not_dates(None, date(9999, 1, 1), NOW)[0] == "expires_on"
    assert rules.why_not_dates(date(2022, 9, 20), date(2022, 9, 20), NOW) is None


@pytest.mark.parametrize(("days", "tone", "words"), [
    (-1, "bad", "expired on Mon, 19 Sep 2022"), (0, "warn", "expires today"), (1, "warn", "expires in 1 day"), (12, "warn", "expires in 12 days"),
    (31, "good", "good until"),
])  # fmt: skip
def test_the_last_day_counts_and_is_told_in_words(app, days, tone, words):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = rules.validity(date(2022, 9, 20) + timedelta(days=days), NOW)
        late = NOW.replace(hour=15)  # midnight in Seoul: the next day
        assert rules.validity(date(2022, 9, 20), late).tone == "bad"
    assert found.tone == tone
    assert words in found.words
    assert rules.validity(None, NOW) is None


def test_the_page_shows_facts_people_and_documents_in_a_known_number_of_statements(
    startup, person, browse_as, statements, app
):
    browser = browse_as(person)
    assert browser.get(url(startup)).status_code == 200
    counts = []
    for number in (1, 3):
        db.session.commit()
        services.edit_profile(startup, FACTS_TYPED, bases={}, actor=person, now=NOW)
        for i in range(number):
            services.add_team_member(startup, name=f"사람{number}{i}", role="", career="", actor=person, now=NOW)
            services.add_profile_document(
                startup, DocumentKind.REGISTRATION, stream=io.BytesIO(pdf(f"{number}{i}")), filename=f"증명{number}{i}.pdf",
                storage=app.extensions["storage"], expires_on=date(2022, 10, 2), actor=person, now=NOW,
            )  # fmt: skip
        db.session.commit()
        db.session.expire_all()
        path = url(startup)
        statements.statements.clear()
        page = browser.get(path).text
        counts.append(len(statements))
        for text in (
            "금융 및 보험업",
            "서울",
            "1,200",
            "3억 원",
            f"사람{number}0",
            f"증명{number}0.pdf",
            "12일 뒤 만료",
        ):
            assert text in page, text
    assert counts == [8, 8]


def test_a_conflict_shows_both_texts_and_saving_again_decides(startup, person, browse_as):
    first, second = browse_as(person), browse_as(factories.make_user("박둘", member_of=startup))
    form = dict.fromkeys(profile_texts(None, [2021, 2020, 2019]), "")
    base = write_bases(fingerprints(form))
    assert (
        first.post(url(startup, "/edit"), data=form | {"base": base, "one_line_ko": "첫째의 한 줄"}).status_code == 303
    )
    answer = second.post(
        url(startup, "/edit"), data=form | {"base": base, "one_line_ko": "둘째의 한 줄", "region": "26"}
    )
    assert answer.status_code == 409
    for text in ("첫째의 한 줄", "<ins>", "<del>", 'value="둘째의 한 줄"', "김하나"):
        assert text in answer.text
    db.session.rollback()
    assert get_profile(startup).region is Region.BUSAN
    assert get_profile(startup).one_line.ko == "첫째의 한 줄"
    bases = read_bases(answer.text.split('name="base"')[1].split('value="')[1].split('"')[0].replace("&#34;", '"'))
    again = second.post(
        url(startup, "/edit"), data=form | {"base": write_bases(bases), "one_line_ko": "두 줄을 하나로", "region": "26"}
    )
    assert again.status_code == 303
    db.session.rollback()
    db.session.expire_all()
    assert get_profile(startup).one_line.ko == "두 줄을 하나로"


def test_pages_refuse_with_what_was_typed(startup, person, browse_as):
    browser = browse_as(person)
    page = browser.post(url(startup, "/edit"), data={"employees": "열둘", "one_line_ko": "한 줄\x00"})
    assert page.status_code == 422
    assert "열둘" in page.text
    assert browser.post(url(startup, "/team/new"), data={"name": "", "role": "CTO"}).status_code == 422
    page = browser.post(url(startup, "/documents/new"), data={"kind": "nonsense", "issued_on": "gestern"})
    assert page.status_code == 422
    assert "파일" in page.text


def test_a_kept_document_is_read_by_its_own_people_alone(startup, person, browse_as):
    browser = browse_as(person)
    sent = browser.post(
        url(startup, "/documents/new"),
        data={"kind": "registration", "file": (io.BytesIO(PDF), "등록증.pdf"), "issued_on": "2022-09-01"},
    )
    assert sent.status_code == 303
    db.session.rollback()
    document = db.session.scalars(sa.select(ProfileDocument)).one()
    path = url(startup, f"/documents/{document.id}/file")
    assert browser.get(path).data == PDF
    other = factories.make_organization()
    stranger = browse_as(factories.make_user(member_of=other))
    assert stranger.get(path).status_code == 404
    assert stranger.get(url(other, f"/documents/{document.id}/file")).status_code == 404


def test_each_fact_reads_from_the_company_as_it_is_sent(startup, person):
    empty = company_content(startup)
    assert all(
        fact.read(empty, "ko") in ("", [])
        for name, fact in FACTS.items()
        if name not in ("name", "founded_on", "representative")
    )
    services.edit_profile(startup, FACTS_TYPED, bases={}, actor=person, now=NOW)
    services.add_team_member(startup, name="이기술", role="CTO", career="", actor=person, now=NOW)
    company = company_content(startup)
    assert FACTS["region"].read(company, "ko") == "11"
    assert FACTS["region"].text(company, "en") == "Seoul"
    assert FACTS["revenue"].read(company, "ko") == "300000000"
    assert FACTS["revenues"].read(company, "ko") == [{"year": "2021", "revenue": "300000000"}]
    assert FACTS["team"].text(company, "ko") == "이기술 · CTO"
    assert FACTS["one_line"].read(company, "en") == "현금흐름으로 신용을 봅니다."
    assert all(fact.label() for fact in FACTS.values())


def test_a_profile_goes_with_its_startup(startup, person):
    services.add_team_member(startup, name="이기술", role="CTO", career="", actor=person, now=NOW)
    db.session.commit()
    db.session.execute(sa.delete(type(startup)).where(type(startup).id == startup.id))
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StartupProfile)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TeamMember)) == 0
