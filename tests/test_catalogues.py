"""Every sentence in both languages: nothing missing, nothing fuzzy, nothing lost in translation, nothing said twice."""

import ast
import re
import sys
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from app.web.language import CATALOGUES
from config import ROOT

sys.path.insert(0, str(ROOT / "script"))
import catalogues

HANGUL = re.compile(r"[가-힣]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
NO_WORDS = re.compile(r"^(SHA-256|Markdown|\(?PDF,?\)?|JSON|/[\w/-]*)$")
# Where Korean may stand in the source, and why.
KOREAN_MEANT = {
    "app/applications/desk/words.py": "what names of Korean companies begin or end with",
    "app/applications/mails/kinds.py": "an invented case that organizers see their mail's words with, in both languages",
    "app/challenges/mails.py": "as applications/mails/kinds.py",
    "app/judging/mails.py": "as applications/mails/kinds.py",
    "app/judging/blind/finder.py": "legal forms of companies, and what may follow a name in a Korean sentence",
    "app/awards/mails.py": "as applications/mails/kinds.py",
    "app/web/filters.py": "how dates and money are written in Korean",
    "app/challenges/forms/rubric.py": "a new call's round has a name in both languages, for the organizer to change",
    "app/challenges/form/answers.py": "how people write an amount in won",
    "app/challenges/form/parts.py": "the sections that every call begins with have titles in both languages, for the organizer to change",
    "app/challenges/form/changes.py": "what the builder adds begins with words in both languages, for the organizer to change",
    "app/templates/judging/declare_conflicts.html": "the terms of law, for a judge who reads English",
    "app/awards/certificates/words.py": "a certificate has a Korean and an English side, whatever the reader's language",
    "app/awards/certificates/styles/classic.py": "as words.py",
    "app/templates/base.html": "the language switch names the other language in its own words",
    "app/templates/accounts/account.html": "each language is named in its own words",
    "app/core/persons.py": "what stands where a person's data stood is read in both languages",
    "app/accounts/profile/addresses.py": "the first words of Korean addresses",
    "app/challenges/eligibility/criteria.py": "a statement that is confirmed is kept in both languages, as the call's own are",
    "app/accounts/profile/codes.py": "a coded list has both names, as the forms, exports and submissions that hold a code need them",
    "app/templates/errors/plain.html": "when nothing works, both languages stand on one page",
}
KOREAN_MEANT_BELOW = ("app/sample/", "app/translations/", "app/static/", "app/templates/pdf/certificates/")


@lru_cache
def extracted(feature):
    return catalogues.extract(feature)


def messages(catalogue):
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in catalogue if m.id}


def forms(message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def test_every_folder_with_words_has_its_catalogue():
    folders = {path.name for path in (ROOT / "app/translations").iterdir() if path.is_dir()}
    wordy = {name for name in CATALOGUES if len(list(extracted(name))) > 1}
    assert wordy <= folders <= set(CATALOGUES)


@pytest.mark.parametrize("feature", CATALOGUES)
def test_the_catalogue_says_what_the_source_says(feature):
    source, kept = set(messages(extracted(feature))), set(messages(catalogues.read(feature)))
    assert (source - kept, kept - source) == (set(), set()), f"run script/translate {feature}"


@pytest.mark.parametrize("feature", CATALOGUES)
def test_every_sentence_has_its_korean(feature):
    found = messages(catalogues.read(feature))
    assert [key for (_c, key), message in found.items() if not all(forms(message))] == []
    assert [key for (_c, key), message in found.items() if message.fuzzy] == []


@pytest.mark.parametrize("feature", CATALOGUES)
def test_both_languages_name_the_same_things(feature):
    wrong = []
    for message in messages(catalogues.read(feature)).values():
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {name for text in english for name in PLACEHOLDER.findall(text)}
        for text in forms(message):
            found = PLACEHOLDER.findall(text)
            if {name.replace(")d", ")s") for name in found} != {name.replace(")d", ")s") for name in wanted}:
                wrong.append((english[0], text))
    assert wrong == []


@pytest.mark.parametrize("feature", CATALOGUES)
def test_korean_is_korean(feature):
    """A sentence of English words has Hangul in its Korean; what is a name or a number alike in both need not."""
    alike = re.compile(
        r"^(%\(\w+\)[sd]|%%|\{\w+\}|https?://\S+|[A-Z]{2,}\d*|[\W\d_]|Madang|PDF|JSON|CSV|SHA-256|QR|PoC|ko|en|English|[eE]-?mail)*$"
    )
    found = messages(catalogues.read(feature))
    assert [
        key for (_c, key), m in found.items() if not HANGUL.search("".join(forms(m))) and not alike.match(key)
    ] == []


def test_a_sentence_of_two_features_has_one_korean():
    """The catalogues are read as one, so the last would win without a word; pgettext keeps two meanings apart."""
    said = defaultdict(dict)
    for feature in CATALOGUES:
        for key, message in messages(catalogues.read(feature)).items():
            said[key].setdefault(tuple(forms(message)), []).append(feature)
    assert {key: korean for key, korean in said.items() if len(korean) > 1} == {}


@pytest.mark.parametrize("feature", CATALOGUES)
def test_what_is_compiled_is_what_is_written(feature):
    po = catalogues.po_path(feature)
    if po.exists():
        catalogues.compile_catalogue(feature)
        assert po.with_suffix(".mo").stat().st_mtime >= po.stat().st_mtime


def korean_in_python(path: Path) -> list[str]:
    """Texts with Hangul, comments and docstrings left out."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if id(node) not in docstrings and HANGUL.search(node.value)]


def korean_in_template(path: Path) -> list[str]:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    return [line.strip() for line in text.splitlines() if HANGUL.search(line)]


def test_korean_stands_in_the_catalogues_and_not_in_the_source():
    found = {}
    for path in sorted((ROOT / "app").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if (
            name in KOREAN_MEANT
            or name.startswith(KOREAN_MEANT_BELOW)
            or path.suffix not in (".py", ".html", ".txt", ".xml")
        ):
            continue
        if texts := korean_in_python(path) if path.suffix == ".py" else korean_in_template(path):
            found[name] = texts
    assert found == {}


def test_each_place_where_korean_is_meant_still_has_some():
    for name in KOREAN_MEANT:
        path = ROOT / name
        assert korean_in_python(path) if path.suffix == ".py" else korean_in_template(path), name


def test_no_visible_text_of_a_template_escapes_translation():
    """Words between tags that go through no gettext."""
    found = {}
    for path in sorted((ROOT / "app/templates").rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        if name in KOREAN_MEANT:
            continue
        text = re.sub(
            r"\{#.*?#\}|<style.*?</style>|<svg.*?</svg>|<script.*?</script>", "", path.read_text(), flags=re.DOTALL
        )
        text = re.sub(
            r"\{% block (main_class|wrap_class|body_class|page_kind) %\}.*?\{% endblock", "", text, flags=re.DOTALL
        )
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->|<[^>]*>", "\x00", text, flags=re.DOTALL)
        words = [
            part.strip()
            for part in text.split("\x00")
            if re.search(r"[A-Za-z]{3,}", part) and not NO_WORDS.match(part.strip())
        ]
        if words:
            found[name] = words
    assert found == {}
