import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.canonical import Written, canonical_json, canonical_sha256, write_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_canonical_json_reads_back_as_it_was(value):
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_changes_nothing(content):
    assert canonical_sha256(content) == canonical_sha256(dict(reversed(content.items())))


def test_decimals_and_moments_become_text():
    assert (
        canonical_json({"b": Decimal("83.670"), "a": datetime(2022, 9, 23, 8, tzinfo=UTC)})
        == '{"a":"2022-09-23T08:00:00+00:00","b":"83.670"}'
    )


@pytest.mark.parametrize("value", [1.5, {"a": [1.5]}, {"a": object()}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


def test_what_is_written_once_reads_like_what_is_written_at_once():
    draft = {"b": [1, {"y": "한글", "x": Decimal("1.5")}], "a": None, "가": "\u2028"}
    more = {"a": "another", "submitted_at": datetime(2022, 9, 23, tzinfo=UTC)}
    written = Written(draft)
    assert (written.text, written.sha256) == (canonical_json(draft), canonical_sha256(draft))
    joined = written.joined_by(more)
    assert joined == {**draft, **more}
    assert (joined.text, joined.sha256) == (canonical_json(joined), canonical_sha256({**draft, **more}))
    assert write_json(joined) == joined.text
    with pytest.raises(TypeError):
        written.joined_by({"score": 1.5})
