import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.accounts.models import OrganizationKind
from app.challenges import services
from app.challenges.forms.section import change_rows, fresh_code
from app.challenges.models import Challenge, ChallengeRole, Criterion, RulesVersion
from app.challenges.states import Section
from app.core.bilingual import Bilingual
from app.core.database import db
from tests import factories
from tests.challenges.drafts import BASICS, Draft
from tests.challenges.shown import shown_form
from tests.factories import NOW


@pytest.fixture
def draft():
    made = Draft()
    made.organizer.language = "en"
    made.reviewer.language = "en"
    db.session.commit()
    return made


@pytest.fixture
def browser(draft, browse_as):
    return browse_as(draft.organizer)


def url(draft, section):
    return f"/manage/{draft.challenge.id}/edit/{section}"


def sent(data, **more):
    copy = data.copy()
    for name, value in more.items():
        copy[name] = value
    return copy


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.mark.parametrize("section", [s.value for s in Section if s is not Section.FORM])
def test_each_section_has_a_page(browser, draft, section):
    page = browser.get(url(draft, section))
    assert page.status_code == 200
    assert 'aria-current="step"' in page.text


@pytest.mark.parametrize("section", [s.value for s in Section if s not in (Section.FORM, Section.ATTACHMENTS)])
def test_saving_what_is_shown_changes_nothing(browser, draft, section):
    before = draft.challenge.version
    data = shown_form(browser.get(url(draft, section)))
    answer = browser.post(url(draft, section), data=sent(data, do="save"))
    assert answer.status_code == 303, text_of(answer)
    db.session.expire_all()
    assert db.session.get(Challenge, draft.challenge.id).version == before


def test_a_change_is_saved_and_leads_on(browser, draft):
    data = shown_form(browser.get(url(draft, "basics")))
    data["title_en"] = "A better title"
    answer = browser.post(url(draft, "basics"), data=sent(data, do="continue"))
    assert (answer.status_code, answer.location) == (303, url(draft, "schedule"))
    db.session.expire_all()
    assert draft.challenge.title.en == "A better title"


def test_errors_stand_beside_the_field_and_nothing_is_lost(browser, draft):
    data = shown_form(browser.get(url(draft, "basics")))
    data["title_en"] = "x" * 151
    data["slug"] = "Not An Address"
    page = browser.post(url(draft, "basics"), data=data)
    assert page.status_code == 422
    assert "At most 150 characters; this has 151." in text_of(page)
    assert 'href="#slug"' in page.text
    assert "x" * 151 in page.text
    assert 'value="Not An Address"' in page.text
    db.session.rollback()
    assert draft.challenge.slug == "fintech-2022"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("closes_at", "2022-09-01T10:00", "The close comes after the opening"),
        ("closes_at", "tomorrow", "“tomorrow” is not one"),
        ("closes_at", "", "Say when applications close"),
        ("opens_at", "0001-01-01T00:00", "is not one"),
        ("pitch_starts", "2022-02-30", "“2022-02-30” is not one"),
        ("pitch_starts", "2022-09-30", "before applications close"),
        ("pitch_ends", "2022-10-01", "It ends before it begins"),
        ("pitch_starts", "2022-10-07", "overlaps with “Eligibility check”"),
        ("appeals_ends", "2022-11-01", "or leave both days empty"),
    ],
)
def test_bad_dates_get_a_sentence_each(browser, draft, field, value, sentence):
    data = shown_form(browser.get(url(draft, "schedule")))
    data[field] = value
    page = browser.post(url(draft, "schedule"), data=data)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert f'value="{value}"' in page.text


def test_a_close_in_the_past_is_refused(browser, draft, clock):
    data = shown_form(browser.get(url(draft, "schedule")))
    data.setlist("opens_at", ["2022-09-01T10:00"])
    data.setlist("closes_at", ["2022-09-19T17:00"])
    page = browser.post(url(draft, "schedule"), data=data)
    assert "is over. The close has to be in the future." in text_of(page)


def test_rows_are_added_moved_and_removed_without_scripts(browser, draft):
    data = shown_form(browser.get(url(draft, "rubric")))
    data["rows-0-title_en"] = "Half typed"
    page = browser.post(url(draft, "rubric"), data=sent(data, do="add"))
    assert page.status_code == 200
    assert 'name="rows-2-title_ko"' in page.text
    assert "Half typed" in page.text
    page = browser.post(url(draft, "rubric"), data=sent(shown_form(page), do="up-2"))
    moved = shown_form(page)
    assert moved["rows-2-code"] == "team"
    page = browser.post(url(draft, "rubric"), data=sent(moved, do="remove-1"))
    assert 'name="rows-2-title_ko"' not in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Criterion)) == 2


def test_the_sum_of_points_is_shown(browser, draft):
    data = shown_form(browser.get(url(draft, "rubric")))
    data["rows-1-points"] = "39.5"
    assert browser.post(url(draft, "rubric"), data=data).status_code == 303
    page = browser.get(url(draft, "rubric"))
    assert ">99.5</output>" in page.text
    assert "add up to 99.5" in text_of(page)


@pytest.mark.parametrize(
    "points", ["0", "-1", "101", "1.234", "NaN", "Infinity", "1e5", "1e99", "1e99999999", "ten", "", "9" * 40]
)
def test_bad_points_are_refused_beside_the_row(browser, draft, points):
    data = shown_form(browser.get(url(draft, "rubric")))
    data["rows-1-points"] = points
    page = browser.post(url(draft, "rubric"), data=data)
    assert page.status_code == 422
    assert 'href="#rows-1-points"' in page.text
    assert f'value="{points}"' in page.text


def test_a_stale_tab_shows_both_versions(browser, draft):
    mine = shown_form(browser.get(url(draft, "basics")))
    other = shown_form(browser.get(url(draft, "basics")))
    other["title_en"] = "Theirs"
    assert browser.post(url(draft, "basics"), data=other).status_code == 303
    mine["title_en"] = "Mine"
    page = browser.post(url(draft, "basics"), data=mine)
    assert page.status_code == 409
    assert "Theirs" in page.text
    assert "Mine" in page.text
    db.session.rollback()
    assert draft.challenge.title.en == "Theirs"
    assert browser.post(url(draft, "basics"), data=shown_form(page)).status_code == 303
    db.session.expire_all()
    assert draft.challenge.title.en == "Mine"


def test_a_published_call_asks_for_the_reason(browser, draft):
    draft.publish()
    db.session.commit()
    data = shown_form(browser.get(url(draft, "eligibility")))
    assert data["material"] == "yes"
    data["founded_within_years"] = "10"
    page = browser.post(url(draft, "eligibility"), data=data)
    assert page.status_code == 422
    assert 'href="#reason"' in page.text
    data["reason"] = "대상 확대"
    assert browser.post(url(draft, "eligibility"), data=data).status_code == 303
    db.session.expire_all()
    assert db.session.scalar(sa.select(RulesVersion.reason).where(RulesVersion.number == 2)) == "대상 확대"


def test_what_cannot_be_changed_says_why(browser, draft):
    services.send_to_sponsors(draft.challenge, actor=draft.organizer, now=NOW)
    db.session.commit()
    page = browser.get(url(draft, "basics"))
    assert "Take it back to draft to change it" in text_of(page)
    assert 'value="continue"' not in page.text
    answer = browser.post(url(draft, "basics"), data=shown_form(page))
    assert answer.status_code == 422


def test_an_observer_reads_and_changes_nothing(draft, browse_as):
    person = factories.make_user("최도움", language="en")
    services.add_staff(draft.challenge, person.email, ChallengeRole.OBSERVER, actor=draft.organizer, now=NOW)
    db.session.commit()
    browser = browse_as(person)
    assert browser.get("/manage").status_code == 200
    page = browser.get(url(draft, "basics"))
    assert "Only the organizer&#39;s staff can do this." in page.text
    data = shown_form(page)
    data["title_en"] = "Taken over"
    assert browser.post(url(draft, "basics"), data=data).status_code == 422
    assert browser.post(f"/manage/{draft.challenge.id}/publish").status_code == 303
    assert (
        browser.post(
            f"/manage/{draft.challenge.id}/staff", data={"email": person.email, "role": "organizer"}
        ).status_code
        == 422
    )
    db.session.expire_all()
    assert draft.challenge.title.en == "2022 Fintech Challenge"
    assert draft.challenge.published_at is None


def test_markdown_is_previewed_safely(browser, draft):
    data = {"field": "description_ko", "description_ko": "**굵게** <script>alert(1)</script>"}
    page = browser.post(f"/manage/{draft.challenge.id}/markdown", data=data)
    assert "<strong>굵게</strong>" in page.text
    assert "<script>" not in page.text


def test_a_new_challenge_begins_as_a_draft(browser, draft):
    data = {
        "host_id": str(draft.host.id),
        "title_ko": "새 챌린지",
        "title_en": "New",
        "slug": "new-call",
        "receipt_prefix": "nc-1",
    }
    answer = browser.post("/manage/new", data=data)
    assert answer.status_code == 303
    made = db.session.scalar(sa.select(Challenge).where(Challenge.slug == "new-call"))
    assert made.receipt_prefix == "NC-1"
    assert answer.location == f"/manage/{made.id}/edit/basics"
    again = browser.post("/manage/new", data=data)
    assert again.status_code == 422
    assert "Another challenge has the address" in text_of(again)
    other = factories.make_host()
    db.session.commit()
    assert browser.post("/manage/new", data=data | {"slug": "x", "host_id": str(other.id)}).status_code == 422


@pytest.mark.parametrize("section", [s.value for s in Section if s not in (Section.FORM, Section.ATTACHMENTS)])
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 999),
            st.one_of(
                st.text(max_size=40),
                st.sampled_from(["-1", "9" * 20, "\x00", "NaN", "٣", "2022-13-01", "a" * 30_000, "y", ""]),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_nonsense_never_breaks_a_section(browser, draft, section, nonsense):
    data = shown_form(browser.get(url(draft, section)))
    names = sorted(data)
    for place, value in nonsense:
        data[names[place % len(names)]] = value
    assert browser.post(url(draft, section), data=data).status_code in (200, 303, 409, 422)
    db.session.rollback()


@given(
    st.lists(
        st.sampled_from(["add", "remove-0", "remove-1", "up-1", "down-0", "up-0", "down-9", "up-x", "add-1"]),
        max_size=12,
    )
)
def test_rows_stay_numbered_from_nought(acts):
    data = MultiDict({"title": "t", "rows-3-name": "a", "rows-7-name": "b"})
    for act in acts:
        data = change_rows(data, act, {"name": "new"})
        places = sorted({int(name.split("-")[1]) for name in data if name.startswith("rows-")})
        assert places == list(range(len(places)))
        assert data["title"] == "t"


def test_codes_are_made_of_the_title():
    assert fresh_code("Fit to the theme!", set(), "criterion") == "fit-to-the-theme"
    assert fresh_code("과제", set(), "criterion") == "criterion-1"
    assert fresh_code("Fit", {"fit", "fit-1"}, "criterion") == "fit-2"


def test_another_hosts_section_is_not_there(draft, browse_as):
    stranger = factories.make_user(member_of=factories.make_host())
    browser = browse_as(stranger)
    for section in Section:
        assert browser.get(url(draft, section.value)).status_code == 404
    assert browse_as(draft.organizer).get(url(draft, "nonsense")).status_code == 404
    assert replace(BASICS, title=Bilingual("가", "a")).title.ko == "가"


def test_sponsors_of_the_same_name_are_told_apart_by_where_they_read_mail(browser, draft):
    """Anybody can register under a company's name, and a theme's sponsor reads what applicants send."""
    name = draft.sponsor.name
    double = factories.make_organization(OrganizationKind.SPONSOR, name)
    factories.make_user("사칭", email="someone@elsewhere.example", member_of=double)
    db.session.commit()
    page = browser.get(url(draft, "themes")).text
    assert f"{name.en} · elsewhere.example</option>" in page
    assert f"{name.en} · {draft.reviewer.email.rpartition('@')[2]}</option>" in page
    assert "someone@" not in page
