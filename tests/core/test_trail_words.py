"""Whatever a service writes into the trail has words that a person can read, in both languages."""

import ast
import re
from itertools import chain

import pytest
from flask_babel import force_locale

from app.core.audit.words import action_words, told_actions
from config import ROOT

FEATURES = ("accounts", "challenges", "applications", "judging", "awards", "sample")
NO_ACTIONS = ("enqueue", "job_handler")  # their first argument looks like one


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def written_actions(feature):
    """The actions that stand in those of the feature's modules which write events, by name or handed to what writes them."""
    action = re.compile(rf"{feature}\.[a-z]+(_[a-z]+)*")
    for path in (ROOT / "app" / feature).rglob("*.py"):
        source = path.read_text()
        if not re.search(r"\brecord\(", source):
            continue
        tree = ast.parse(source)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        other = {id(node.args[0]) for node in calls if node.args and called(node) in NO_ACTIONS}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in other and action.fullmatch(str(node.value)):
                yield str(node.value)


@pytest.mark.parametrize("feature", FEATURES)
def test_every_action_that_a_service_writes_has_words(app, feature):
    assert set(written_actions(feature)) <= told_actions()


def test_every_action_with_words_is_written_somewhere(app):
    written = set(chain.from_iterable(written_actions(feature) for feature in FEATURES))
    sections = {name for name in told_actions() if name.startswith("challenges.set_")}  # named after their section
    assert told_actions() - written - sections == set()


@pytest.mark.parametrize(("language", "words"), [("ko", "평가표 서명"), ("en", "Signed a score sheet")])
def test_the_words_are_in_the_language_of_the_page(app, language, words):
    with app.test_request_context(), force_locale(language):
        assert action_words("judging.sign_sheet") == words
        assert action_words("later.do_something_new") == "do something new"


def test_words_of_different_actions_differ(app):
    with app.test_request_context():
        words = [action_words(action) for action in told_actions()]
    assert len(set(words)) == len(words)
