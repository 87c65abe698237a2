from dataclasses import replace

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from app.challenges.form.asking import asked, for_theme, shown_codes
from app.challenges.form.changes import new_question
from app.challenges.form.model import Comparison, Condition, Form, Kind, Option, Section
from app.core.bilingual import Bilingual
from tests.challenges.form.forms import THEMES, answers_to, forms


@pytest.fixture(autouse=True)
def _in_english():
    with force_locale("en"):
        yield


def question(code, kind=Kind.SHORT_TEXT, condition=None, themes=()):
    options = (
        (Option("a", Bilingual("가", "A")), Option("b", Bilingual("나", "B")))
        if kind in (Kind.CHOICE, Kind.CHOICES)
        else ()
    )
    return replace(new_question(kind, Bilingual(code, code), code), condition=condition, themes=themes, options=options)


def form(*questions):
    return Form((Section("s", Bilingual("s", "s"), questions=questions),))


def holds(kind, comparison, value, answer):
    made = form(question("a", kind), question("b", condition=Condition("a", comparison, value)))
    return "b" in shown_codes(made, {"a": answer})


@pytest.mark.parametrize(
    ("kind", "comparison", "value", "yes", "no"),
    [
        (Kind.YES_NO, Comparison.IS, "yes", "yes", "no"),
        (Kind.YES_NO, Comparison.IS_NOT, "yes", "no", "yes"),
        (Kind.YES_NO, Comparison.IS_NOT, "yes", "no", ""),
        (Kind.CHOICE, Comparison.IS, "a", "a", "b"),
        (Kind.CHOICES, Comparison.HAS, "a", ["b", "a"], ["b"]),
        (Kind.NUMBER, Comparison.AT_LEAST, "10", "10.0", "9.9"),
        (Kind.NUMBER, Comparison.AT_MOST, "1,000", "1000", "1001"),
        (Kind.NUMBER, Comparison.IS, "10", "10.0", "ten"),
        (Kind.NUMBER, Comparison.IS_NOT, "10", "11", "ten"),
        (Kind.MONEY, Comparison.AT_LEAST, "100000000", "1억", "9,999만"),
        (Kind.DATE, Comparison.AT_MOST, "2022-09-23", "2022. 9. 23.", "2022-09-24"),
        (Kind.TABLE, Comparison.IS_ANSWERED, "", [{"c1": "x"}], [{"c1": " "}]),
        (Kind.FILE, Comparison.IS_ANSWERED, "", "plan.pdf", None),
        (Kind.CONSENT, Comparison.IS, "yes", "yes", "no"),
    ],
)
def test_comparisons(kind, comparison, value, yes, no):
    assert holds(kind, comparison, value, yes)
    assert not holds(kind, comparison, value, no)


def test_conditions_chain_and_a_hidden_answer_counts_for_nothing():
    is_yes = Comparison.IS
    made = form(
        question("a", Kind.YES_NO),
        question("b", Kind.YES_NO, Condition("a", is_yes, "yes")),
        question("c", Kind.YES_NO, Condition("b", is_yes, "yes")),
    )
    assert shown_codes(made, {"a": "yes", "b": "yes"}) == {"a", "b", "c"}
    assert shown_codes(made, {"a": "no", "b": "yes", "c": "yes"}) == {"a"}


def test_a_chain_of_a_thousand_is_followed():
    chain = [
        question("q0"),
        *(question(f"q{i}", condition=Condition(f"q{i - 1}", Comparison.IS_ANSWERED)) for i in range(1, 1000)),
    ]
    answers = {f"q{i}": "x" for i in range(1000)}
    assert len(shown_codes(form(*reversed(chain)), answers)) == 1000
    assert shown_codes(form(*reversed(chain)), answers | {"q0": ""}) == {"q0"}


def test_circles_and_conditions_on_nothing_hide_without_end():
    circle = form(
        question("a", condition=Condition("b", Comparison.IS_ANSWERED)),
        question("b", condition=Condition("a", Comparison.IS_ANSWERED)),
        question("c", condition=Condition("gone", Comparison.IS_ANSWERED)),
        question("d"),
    )
    assert shown_codes(circle, dict.fromkeys("abcd", "x") | {"gone": "x"}) == {"d"}


def test_themes_hide_questions_and_whole_sections():
    made = Form(
        (
            Section("s", Bilingual(), questions=(question("a", themes=("A",)), question("b"))),
            Section("t", Bilingual(), themes=("B",), questions=(question("c"),)),
            Section("u", Bilingual(), questions=(question("d", themes=("A",)),)),
        )
    )
    assert [(s.code, [q.code for q in s.questions]) for s in for_theme(made, "A").sections] == [
        ("s", ["a", "b"]),
        ("u", ["d"]),
    ]
    assert [(s.code, [q.code for q in s.questions]) for s in for_theme(made, "B").sections] == [
        ("s", ["b"]),
        ("t", ["c"]),
    ]


@given(st.data(), st.sampled_from(THEMES))
def test_what_is_asked_is_a_part_of_the_form_and_stays_so_without_the_hidden_answers(data, theme):
    made = data.draw(forms())
    answers = data.draw(answers_to(made))
    part = asked(made, theme, answers)
    codes = [question.code for question in part.questions()]
    assert codes == [question.code for question in made.questions() if question.code in set(codes)]
    seen = {code: answer for code, answer in answers.items() if code in codes}
    assert asked(made, theme, seen) == part
