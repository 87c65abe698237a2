from datetime import date

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import rules
from app.accounts.colours import DARK_PAPER, LEAST_IN_DARK, contrast, in_the_dark, luminance, why_not_accent
from app.accounts.models import LegalForm, MembershipRole, OrganizationKind
from app.core.business_number import WEIGHTS
from tests import factories
from tests.factories import NOW

STARTUP = OrganizationKind.STARTUP


@pytest.fixture(autouse=True)
def _english(app):
    with force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Hana@Example.ORG ", "hana@example.org"),
        ("a@한국.kr", "a@xn--3e0b707e.kr"),
        ("hana", None),
        ("", None),
        ("하나@example.org", None),
        ("a@localhost", None),
        ("a@b.org\nBcc: c@d.org", None),
        (f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.org", None),
    ],
)
def test_an_address_has_one_spelling_or_is_none(text, address):
    assert rules.normal_email(text) == address


@given(st.text(max_size=80))
def test_any_text_is_an_address_in_one_spelling_or_none(text):
    address = rules.normal_email(text)
    assert address is None or (rules.normal_email(address) == address == address.lower() and "\n" not in address)


@pytest.mark.parametrize("form", [LegalForm.CORPORATION, LegalForm.SOLE_TRADER])
def test_registered_startups_need_a_number(app, form):
    assert "enter their business registration number" in (rules.why_not_business_number(STARTUP, form, "") or "")


@pytest.mark.parametrize("form", [LegalForm.PRE_FOUNDER, LegalForm.FOREIGN])
def test_others_need_none_but_give_a_valid_one(app, form):
    assert rules.why_not_business_number(STARTUP, form, "") is None
    assert "last digit" in (rules.why_not_business_number(STARTUP, form, "123-45-67890") or "")


@pytest.mark.parametrize("number", ["12345", "abcdefghij", "１２３４５６７８９１", "000-00-00000x"])
def test_what_is_no_number_is_told_how_one_looks(app, number):
    assert "10 digits" in (rules.why_not_business_number(STARTUP, LegalForm.CORPORATION, number) or "")


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9).filter(any))
def test_one_last_digit_of_ten_is_right(digits):
    total = sum(d * w for d, w in zip(digits, WEIGHTS, strict=True)) + 5 * digits[8] // 10
    right = "".join(map(str, digits)) + str((10 - total % 10) % 10)
    assert rules.why_not_business_number(STARTUP, LegalForm.CORPORATION, right) is None


@pytest.mark.parametrize(
    ("form", "founded", "before", "refusals"),
    [
        (LegalForm.CORPORATION, date(2019, 3, 12), None, (None, None)),
        (LegalForm.CORPORATION, date(2019, 3, 12), date(2016, 2, 29), (None, None)),
        (LegalForm.CORPORATION, None, None, ("Enter the date", None)),
        (LegalForm.SOLE_TRADER, None, None, ("Enter the date", None)),
        (LegalForm.FOREIGN, None, None, (None, None)),
        (LegalForm.PRE_FOUNDER, None, None, (None, None)),
        (LegalForm.PRE_FOUNDER, date(2019, 3, 12), None, ("no founding date yet", None)),
        (LegalForm.CORPORATION, date(2022, 9, 21), None, ("in the future", None)),
        (LegalForm.CORPORATION, date(2022, 9, 20), None, (None, None)),
        (LegalForm.CORPORATION, date(1019, 3, 12), None, ("before 1850", None)),
        (LegalForm.SOLE_TRADER, date(2019, 3, 12), date(2016, 1, 1), (None, "Only a company")),
        (LegalForm.CORPORATION, date(2019, 3, 12), date(2020, 1, 1), (None, "two dates is which")),
    ],
)
def test_dates_from_which_a_company_counts(app, form, founded, before, refusals):
    said = rules.why_not_founded_on(form, founded, NOW), rules.why_not_predecessor(form, founded, before, NOW)
    for sentence, refusal in zip(said, refusals, strict=True):
        assert sentence is None if refusal is None else refusal in (sentence or "")


def test_the_older_date_counts(app):
    startup = factories.make_organization(founded_on=date(2019, 3, 12), predecessor_opened_on=date(2016, 2, 29))
    assert startup.counts_from == date(2016, 2, 29)


def test_a_day_in_seoul_is_today_there_already(app):
    late = factories.seoul("2022-09-21T00:30")  # still the 20th in UTC
    assert rules.why_not_founded_on(LegalForm.CORPORATION, date(2022, 9, 21), late) is None


def test_roles_come_from_the_kinds_of_ones_organizations(app):
    host, startup = factories.make_host(), factories.make_organization()
    user = factories.make_user(member_of=host)
    assert rules.host_member(user)
    assert not rules.startup_member(user)
    both = factories.make_user(member_of=startup)
    assert rules.startup_member(both)
    assert not rules.sponsor_member(both)
    for rule in (rules.host_member, rules.sponsor_member, rules.startup_member):
        assert not rule(None)
    assert rules.why_not_create_organization(OrganizationKind.HOST, user) is None
    assert rules.why_not_create_organization(OrganizationKind.HOST, both) is not None
    assert rules.why_not_create_organization(OrganizationKind.SPONSOR, both) is None


def test_the_last_admin_stays(app):
    startup = factories.make_organization()
    admin = factories.make_user(member_of=startup)
    member = factories.make_user(member_of=startup, role=MembershipRole.MEMBER)
    theirs, other = admin.memberships[0], member.memberships[0]
    assert rules.why_not_remove(theirs, admin, admins=1) is not None
    assert rules.why_not_remove(theirs, admin, admins=2) is None
    assert rules.why_not_remove(other, member, admins=1) is None
    assert "Only the organization's admins" in (rules.why_not_remove(theirs, member, admins=2) or "")
    assert rules.why_not_change_role(theirs, MembershipRole.MEMBER, admins=1) is not None
    assert rules.why_not_change_role(theirs, MembershipRole.ADMIN, admins=1) is None
    assert rules.why_not_change_role(other, MembershipRole.ADMIN, admins=1) is None


COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("accent", "reason"),
    [
        ("#2146c7", None),
        ("#000000", None),
        ("#002c5f", None),
        ("#767676", None),
        ("#777777", "4.47:1"),
        ("#ffff00", "1.07:1"),
        ("#2146C7", "six digits"),
        ("2146c7", "six digits"),
        ("#21c", "six digits"),
        ("#2146c7;}", "six digits"),
        ("red", "six digits"),
        ("#2146c7\n", "six digits"),
    ],
)
def test_an_accent_reads_on_white(app, accent, reason):
    said = why_not_accent(accent)
    assert said is None if reason is None else reason in (said or "")


@given(COLOURS)
def test_any_colour_stands_out_in_the_dark(colour):
    dark = in_the_dark(colour)
    assert contrast(dark, DARK_PAPER) >= LEAST_IN_DARK
    assert luminance(dark) >= luminance(colour)


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.01
