from dataclasses import replace
from decimal import Decimal

import pytest
from flask_babel import force_locale
from hypothesis import given

from app.challenges.form.changes import new_question
from app.challenges.form.checks import why_not_form, why_not_publish
from app.challenges.form.model import Column, Comparison, Condition, Form, Kind, Option, Question, Section
from app.core.bilingual import Bilingual
from tests.challenges.form.forms import THEMES, forms


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


def both(text):
    return Bilingual(text, text)


def question(code, kind=Kind.SHORT_TEXT, **more):
    return replace(new_question(kind, both(code), code), **more)


def form(*questions, **section):
    return Form((replace(Section("s", both("S"), questions=questions), **section),))


def sentences(*questions, **section):
    return [problem.sentence for problem in why_not_form(form(*questions, **section), THEMES)]


@given(forms())
def test_a_form_of_the_builder_can_be_stored(made):
    assert why_not_form(made, THEMES) == []


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (question("a b"), "code", "Letters, digits and hyphens, at most 40; “a b” is not that."),
        (question("x" * 41), "code", "Letters, digits and hyphens, at most 40; “" + "x" * 41 + "” is not that."),
        (question("q", label=Bilingual(" ", "")), "label_ko", "Write it in at least one language."),
        (question("q", label=both("가" * 201)), "label_ko", "At most 200 characters; this has 201."),
        (question("q", help=both("a\x00")), "help_ko", "This text holds a character that cannot be stored."),
        (question("q", limit=0), "limit", "Enter a number from 1 to 50,000; 0 is not one."),
        (question("q", types=("pdf",)), "types", "This kind of question has no “types”."),
        (question("q", themes=("Z",)), "themes", "This call has no theme “Z”."),
        (question("q", prefill="shoe size"), "prefill", "“shoe size” of the profile does not fit this kind of question."),
        (
            question("q", Kind.NUMBER, least=Decimal(5), most=Decimal(2)), "most",
            "The largest number, 2, is below the smallest, 5.",
        ),
        (question("q", Kind.MONEY, most=Decimal("0.5")), "most", "An amount is a whole number of won, and not below 0."),
        (
            question("q", Kind.CHOICE, options=(Option("a", both("a")), Option("A", both("b")))), "options-1-code",
            "“A” is used twice.",
        ),
        (
            question("q", Kind.TABLE, columns=(Column("a", both("a"), Kind.FILE),)), "columns-0-kind",
            "A column holds a short text, a number, an amount or a date.",
        ),
        (question("q", Kind.TABLE, rows_most=0), "rows_most", "Enter a number from 1 to 100; 0 is not one."),
        (question("q", Kind.FILE, types=("exe",)), "types", "Choose each kind of file once, from: pdf, hwp, hwpx, docx, xlsx, pptx, png, jpg."),
        (
            question("q", Kind.CONSENT, shares_with_sponsor=True), "required",
            "Giving data to the sponsor is a consent of its own that may be refused.",
        ),
        (question("q", Kind.CONSENT, private=True), "private", "Judges never see a consent; there is nothing to hide."),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_stored_says_why(wrong, field, sentence):
    problems = why_not_form(form(wrong), THEMES)
    assert [(p.section, p.question, p.field, p.sentence) for p in problems] in (
        [("s", wrong.code, field, sentence)],
        [("s", wrong.code, field, sentence), ("s", wrong.code, field.replace("_ko", "_en"), sentence)],
    )


def test_codes_are_used_once_in_the_whole_form():
    twice = Form(
        (Section("s", both("S"), questions=(question("q"),)), Section("S", both("T"), questions=(question("Q"),)))
    )
    assert [(p.field, p.sentence) for p in why_not_form(twice, THEMES)] == [
        ("code", "“S” is used twice."), ("code", "“Q” is used twice."),
    ]  # fmt: skip


def test_a_section_does_not_take_the_name_of_another_page():
    assert sentences(code="contact") == ["“contact” is taken by another page of the application."]


def on(code, comparison=Comparison.IS_ANSWERED, value=""):
    return Condition(code, comparison, value)


def test_a_condition_needs_its_question():
    assert sentences(question("q", condition=on("gone"))) == [
        "It depends on a question that is not in the form any more (“gone”)."
    ]


def test_a_condition_on_a_later_question_is_refused():
    assert sentences(question("a", condition=on("b")), question("b")) == [
        "It depends on “b”, which is asked later. Move one of them."
    ]


def test_circles_of_any_length_are_refused():
    assert sentences(question("a", condition=on("a"))) == ["The conditions go in a circle: it would depend on itself."]
    three = [question("a", condition=on("c")), question("b", condition=on("a")), question("c", condition=on("b"))]
    assert sentences(*three) == ["The conditions go in a circle: it would depend on itself."] * 3


def test_a_chain_of_a_hundred_is_no_circle():
    chain = [question("q0"), *(question(f"q{i}", condition=on(f"q{i - 1}")) for i in range(1, 100))]
    assert sentences(*chain) == []


def test_a_condition_on_a_question_that_the_theme_is_not_asked_is_refused():
    assert sentences(question("a", themes=("A", "B")), question("b", condition=on("a"))) == [
        "It depends on “a”, which is not asked for theme C."
    ]
    assert sentences(question("a", themes=("A", "B")), question("b", themes=("B",), condition=on("a"))) == []
    assert sentences(question("a", themes=("A",)), question("b", condition=on("a")), themes=("A",)) == []


@pytest.mark.parametrize(
    ("kind", "comparison", "value", "sentence"),
    [
        (Kind.LONG_TEXT, Comparison.IS, "x", "The answer to “a” cannot be compared like this."),
        (Kind.FILE, Comparison.IS, "x", "The answer to “a” cannot be compared like this."),
        (Kind.CHOICE, Comparison.IS, "o9", "“o9” is no possible answer to “a”."),
        (Kind.CHOICES, Comparison.IS, "o1", "The answer to “a” cannot be compared like this."),
        (Kind.NUMBER, Comparison.AT_LEAST, "many", "“many” is no possible answer to “a”."),
        (Kind.DATE, Comparison.AT_MOST, "2022-02-30", "“2022-02-30” is no possible answer to “a”."),
        (Kind.YES_NO, Comparison.IS, "", "“” is no possible answer to “a”."),
        (Kind.URL, Comparison.IS_ANSWERED, "x", "“x” is no possible answer to “a”."),
    ],
)
def test_a_comparison_has_to_fit_the_kind(kind, comparison, value, sentence):
    assert sentences(question("a", kind), question("b", condition=on("a", comparison, value))) == [sentence]


def test_what_is_half_written_may_be_stored_but_does_not_go_out():
    half = form(
        question("a", label=Bilingual("가", "")),
        question("b", Kind.CHOICE, options=()),
        question("c", Kind.TABLE, columns=()),
        question("d", Kind.FILE, types=()),
        question("e", Kind.CONSENT, text=Bilingual("본문", "")),
    )
    assert why_not_form(half, THEMES) == []
    assert [(p.question, p.field) for p in why_not_publish(half, THEMES)] == [
        ("a", "label_en"), ("b", "options"), ("c", "columns"), ("d", "types"), ("e", "text_en"),
    ]  # fmt: skip


def test_a_form_needs_a_question_and_a_consent_that_everybody_has_to_give():
    needs = [
        "Ask for at least one document or one answer.",
        "A required consent to the use of personal data is needed.",
    ]
    assert [p.sentence for p in why_not_publish(Form(), THEMES)] == needs
    themed = question("c", Kind.CONSENT, text=both("Text"), themes=("A",))
    assert [p.sentence for p in why_not_publish(form(question("q"), themed), THEMES)] == needs[1:]
    assert why_not_publish(form(question("q"), replace(themed, themes=())), THEMES) == []
    assert isinstance(themed, Question)
