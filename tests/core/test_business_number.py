import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.business_number import digits_of, format_business_number, is_business_number


@pytest.mark.parametrize("number", ["123-45-67891", "222-22-22227", "333-33-33336", "1234567891", "999-99-01019"])
def test_valid_numbers_pass(number):
    assert is_business_number(number)


@pytest.mark.parametrize(
    "number", ["123-45-67890", "000-00-00000", "", "123-45-6789", "123-45-678911", "12a-45-67891", "１２３-45-67891"]
)
def test_invalid_numbers_are_refused(number):
    assert not is_business_number(number)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_exactly_one_last_digit_fits(first_nine):
    fitting = [d for d in "0123456789" if is_business_number(first_nine + d)]
    assert len(fitting) == (0 if first_nine == "0" * 9 else 1)


@given(st.text("0123456789", min_size=10, max_size=10))
def test_format_and_digits_are_inverse(digits):
    assert digits_of(format_business_number(digits)) == digits
