import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.challenges.form import codec
from app.challenges.form.codec import (
    FormUnreadable,
    export_form,
    form_by_hash,
    form_sha256,
    import_form,
    read_form,
    write_form,
)
from app.challenges.form.model import Comparison, Condition, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from tests.challenges.form.forms import forms

SCHEMA = json.loads((Path(codec.__file__).parent / "form.schema.json").read_text())
SMALL = Form(
    (Section("s", Bilingual("구획", "Section"), questions=(Question("q", Kind.NUMBER, Bilingual("수", "Number")),)),)
)


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


@given(forms())
def test_every_form_is_read_back_as_it_was_and_keeps_its_hash(form):
    assert read_form(json.loads(json.dumps(write_form(form)))) == form
    assert import_form(export_form(form)) == form
    assert form_sha256(read_form(write_form(form))) == form_sha256(form)


def test_equal_numbers_are_written_in_one_way():
    def least(text):
        return Form(
            (
                Section(
                    "s", Bilingual("가", "a"), questions=(Question("q", Kind.NUMBER, Bilingual(), least=Decimal(text)),)
                ),
            )
        )

    assert least("1.50") == least("1.5")
    assert {form_sha256(least(text)) for text in ("1.5", "1.50", "1.500")} == {form_sha256(least("1.5"))}
    assert write_form(least("1E+3"))["sections"][0]["questions"][0]["least"] == "1000"


def test_what_stands_at_its_default_is_not_written():
    assert write_form(SMALL) == {
        "format": 1,
        "sections": [
            {
                "code": "s",
                "title": {"ko": "구획", "en": "Section"},
                "questions": [{"code": "q", "kind": "number", "label": {"ko": "수", "en": "Number"}}],
            }
        ],
    }


def test_a_form_is_parsed_once_under_its_hash():
    asked = []

    def load():
        asked.append(1)
        return write_form(SMALL)

    sha256 = form_sha256(SMALL)
    assert form_by_hash(sha256, load) is form_by_hash(sha256, load)
    assert len(asked) <= 1


def changed(**changes):
    content = write_form(SMALL)
    content["sections"][0]["questions"][0] |= changes
    return content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "form: An object in braces belongs here."),
        ({"sections": []}, "form: “format” is missing."),
        ({"format": 2, "sections": []}, "format: This reads format 1 only."),
        ({"format": 1, "sections": {}}, "sections: A list in square brackets belongs here."),
        (changed(kind="essay"), "sections[0].questions[0].kind: “essay” is none of: short_text"),
        (changed(limit="many"), "sections[0].questions[0].limit: A whole number belongs here."),
        (changed(limit=True), "sections[0].questions[0].limit: A whole number belongs here."),
        (changed(required="no"), "sections[0].questions[0].required: True or false belongs here."),
        (changed(least="NaN"), "sections[0].questions[0].least: A number belongs here"),
        (changed(least="1e999999"), "sections[0].questions[0].least: A number belongs here"),
        (changed(label={"ko": 3}), "sections[0].questions[0].label.ko: A text in quotation marks belongs here."),
        (changed(color="red"), "sections[0].questions[0]: “color” is not known here."),
        (changed(options=[{"code": "a"}]), "sections[0].questions[0].options[0]: “label” is missing."),
        (changed(condition={"question": "q"}), "sections[0].questions[0].condition: “comparison” is missing."),
    ],
)
def test_what_is_wrong_is_named_with_its_place(content, sentence):
    with pytest.raises(FormUnreadable) as refused:
        read_form(content)
    assert refused.value.sentence.startswith(sentence)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(FormUnreadable) as refused:
        read_form(changed(kind="essay", limit="x", help=3))
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"format": 1,\n "sections": [}', "Line 2, column 15: this is not JSON."),
        (b"\xff\xfe\x00", "The file is not text in UTF-8."),
        ("[" * 100_000, "This is not JSON."),
        ('{"format": NaN, "sections": []}', "This is not JSON."),
        ('{"format": 1, "format": 1}', "“format” stands twice in one object."),
        ("x" * 2_000_001, "The file is larger than 2 MB; a form is not."),
    ],
)
def test_a_file_that_holds_no_form_is_refused_in_words(text, sentence):
    with pytest.raises(FormUnreadable) as refused:
        import_form(text)
    assert refused.value.sentence == sentence


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda c: st.lists(c) | st.dictionaries(st.text(), c),
)


@given(JSON)
def test_whatever_is_given_is_read_or_refused(content):
    with suppress(FormUnreadable):
        assert read_form(content).sections == tuple(read_form(content).sections)


def test_the_schema_knows_what_the_reader_knows():
    question = SCHEMA["$defs"]["question"]["properties"]
    assert set(question) == set(Question.__dataclass_fields__)
    assert set(SCHEMA["$defs"]["section"]["properties"]) == set(Section.__dataclass_fields__)
    assert question["kind"]["enum"] == [kind.value for kind in Kind]
    condition = SCHEMA["$defs"]["condition"]["oneOf"][1]["properties"]
    assert condition["comparison"]["enum"] == [comparison.value for comparison in Comparison]
    assert set(condition) == set(Condition.__dataclass_fields__)
    assert set(SCHEMA["$defs"]["option"]["properties"]) == set(Option.__dataclass_fields__)
    assert SCHEMA["$id"] == codec.SCHEMA
