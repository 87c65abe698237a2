"""May we apply? What the quiz asks, what it answers, and that it keeps nothing."""

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import LegalForm
from app.accounts.profile.codes import Industry, Region
from app.challenges.eligibility import Criteria, Facts, Rule, find, why_not
from app.challenges.eligibility.quiz import Ask, answer, questions_of
from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.database import Base, db
from tests import factories

REFERENCE = date(2022, 9, 5)
ALL = Criteria(
    reference=REFERENCE, founded_within_years=7, regions=(Region.SEOUL,), employees_most=50, revenue_most_krw=10**9,
    industries=(Industry.INFORMATION,), sme_only=True, exclusions=(Bilingual("휴업", "closed"),),
)  # fmt: skip
FINE = {
    Ask.LEGAL_FORM: "corporation", Ask.SINCE: date(2019, 3, 12), Ask.REGION: "11", Ask.EMPLOYEES: 12, Ask.REVENUE: 0,
    Ask.INDUSTRY: "J", Ask.SME: "yes", Ask.EXCLUSIONS: "no",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_only_what_a_rule_turns_on_is_asked():
    assert questions_of(Criteria(reference=REFERENCE)) == [Ask.LEGAL_FORM]
    assert len(questions_of(ALL)) == 8


@pytest.mark.parametrize(
    ("change", "tone", "words"),
    [
        ({}, "good", ""),
        ({Ask.SINCE: date(2015, 9, 4)}, "bad", "4 Sep 2022"),
        ({Ask.SINCE: date(2015, 9, 5)}, "good", ""),
        ({Ask.REGION: "26"}, "bad", "Busan"),
        ({Ask.EMPLOYEES: 51}, "bad", "51 employees"),
        ({Ask.REVENUE: 10**9 + 1}, "bad", "1,000,000,001"),
        ({Ask.INDUSTRY: "K"}, "bad", "Finance"),
        ({Ask.SME: "no"}, "bad", "do not meet it"),
        ({Ask.EXCLUSIONS: "yes"}, "bad", "exclusions"),
        ({Ask.EXCLUSIONS: "unsure"}, "open", "organizer can tell"),
        ({Ask.SINCE: None}, "open", "organizer can tell"),
        ({Ask.SINCE: None, Ask.REGION: "26"}, "bad", "Busan"),  # what stands against it counts more than what is open
        ({Ask.LEGAL_FORM: "pre_founder", Ask.SINCE: None}, "good", ""),
    ],
)
def test_answers_come_to_a_sentence(change, tone, words):
    outcome = answer(ALL, FINE | change)
    assert outcome.tone == tone
    told = " ".join(said.sentence for said in [*outcome.against, *outcome.left])
    assert words in told
    assert bool(told) is (tone != "good")


def test_a_pledge_to_relocate_is_enough():
    criteria = Criteria(reference=REFERENCE, regions=(Region.SEOUL,), relocation_allowed=True)
    outcome = answer(criteria, {Ask.LEGAL_FORM: "corporation", Ask.REGION: "26"})
    assert (outcome.tone, outcome.said[Ask.REGION].sentence) == ("good", "A pledge to relocate to Seoul is enough.")


@given(
    st.dates(date(2000, 1, 1), date(2023, 1, 1)), st.sampled_from(list(Region)), st.integers(0, 100), st.integers(0, 2 * 10**9),
    st.sampled_from(list(Industry)),
)  # fmt: skip
def test_the_quiz_says_what_the_form_will_say(since, region, employees, revenue, industry):
    given_ = FINE | {
        Ask.SINCE: since,
        Ask.REGION: region.value,
        Ask.EMPLOYEES: employees,
        Ask.REVENUE: revenue,
        Ask.INDUSTRY: industry.value,
    }
    facts = Facts(
        LegalForm.CORPORATION, since, region=region, employees=employees, revenue_krw=revenue, industry=industry
    )
    refused = why_not(find(ALL, facts))
    assert (answer(ALL, given_).tone == "bad") is (refused is not None)
    assert {f.rule for f in find(ALL, facts)} >= {Rule.AGE, Rule.REGION}


def rows() -> dict[str, int]:
    db.session.rollback()
    return {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in Base.metadata.sorted_tables}


def test_a_visitor_is_answered_and_nothing_is_kept(client):
    challenge = factories.make_challenge()
    db.session.commit()
    address = f"/challenges/{challenge.slug}/may-we-apply"
    before = rows()
    assert "계정" in client.get(address).text
    data = {"legal_form": "corporation", "since": "2015-09-04", "region_note": "yes", "exclusions": "no"}
    page = client.post(address, data=data)
    assert page.status_code == 200
    assert "2022. 9. 4." in page.text
    assert 'value="2015-09-04"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "신청할 수 있습니다." in client.post(address, data=data | {"since": "2019-03-12"}).text
    assert rows() == before


@pytest.mark.parametrize("since", ["gestern", "2015-13-40", "0001-01-01", "\x00", "9" * 500])
def test_nonsense_is_named_and_the_rest_stays(client, since):
    challenge = factories.make_challenge()
    db.session.commit()
    data = {"legal_form": "foreign", "since": since, "exclusions": "no", "unknown": "x", "region_note": "perhaps"}
    page = client.post(f"/challenges/{challenge.slug}/may-we-apply", data=data)
    assert page.status_code == (200 if since == "\x00" else 422)
    assert 'value="foreign"' in page.text
    assert page.text.count("checked") == 2


def test_drafts_have_no_quiz(client):
    challenge = factories.make_challenge(state=ChallengeState.DRAFT)
    db.session.commit()
    assert client.get(f"/challenges/{challenge.slug}/may-we-apply").status_code == 404
