"""Three-way merging by fingerprints: nobody's words are lost, and only what both changed is a conflict."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.merging import (
    Conflict,
    bases_after,
    fingerprint,
    fingerprints,
    merge,
    read_bases,
    write_bases,
)

VALUES = st.one_of(
    st.none(), st.text(max_size=6), st.lists(st.dictionaries(st.sampled_from("ab"), st.text(max_size=3)))
)
NAMES = ("title", "summary", "team")
STATES = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def test_different_fields_merge_and_the_same_field_is_a_conflict():
    base = {"title": "가", "summary": "나"}
    bases = fingerprints(base)
    assert merge(bases, {"title": "다", "summary": "나"}, {"title": "가", "summary": "라"}).changes == {"summary": "라"}
    both = merge(bases, {"title": "다", "summary": "나"}, {"title": "라", "summary": "나"})
    assert (both.changes, both.conflicts) == ({}, {"title": Conflict("라", "다")})


def test_the_same_change_by_both_is_none():
    bases = fingerprints({"title": "가"})
    assert merge(bases, {"title": "나\n"}, {"title": "나\r\n"}).conflicts == {}


def test_a_page_that_lost_its_bases_overwrites_nothing():
    assert merge(read_bases("{{"), {"title": "가"}, {"title": "나"}).conflicts == {"title": Conflict("나", "가")}
    assert merge({}, {"title": ""}, {"title": "나"}).changes == {"title": "나"}


def test_nonsense_for_bases_reads_as_none():
    assert [read_bases(t) for t in (None, "", "[]", "1", '{"a": 1}', "\x00")] == [{}] * 6
    assert read_bases(write_bases({"a": "b"})) == {"a": "b"}


@given(STATES, STATES, STATES)
def test_every_field_ends_in_one_place_and_no_change_disappears(base, standing, mine):
    found = merge(fingerprints(base), standing, mine)
    same = {n: fingerprint(mine[n]) == fingerprint(standing[n]) for n in NAMES}
    for name in NAMES:
        places = [name in found.changes, name in found.unseen, name in found.conflicts, same[name]]
        assert places.count(True) == 1
    result = {**standing, **found.changes}
    for name in NAMES:
        mine_changed = fingerprint(mine[name]) != fingerprint(base[name])
        theirs_changed = fingerprint(standing[name]) != fingerprint(base[name])
        if mine_changed and name not in found.conflicts:
            assert fingerprint(result[name]) == fingerprint(mine[name])
        if theirs_changed and not mine_changed:
            assert result[name] == standing[name]


@given(STATES, STATES, STATES)
def test_saving_again_changes_nothing_more(base, standing, mine):
    bases = fingerprints(base)
    first = merge(bases, standing, mine)
    after = {**standing, **first.changes}
    again = merge(bases_after(bases, after, mine), after, mine)
    assert again.changes == {}
    assert set(again.conflicts) == set(first.conflicts)
