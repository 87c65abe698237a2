"""The walls of the house: which way imports run, what stands in which file, and what no file may say."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from config import ROOT

APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
OURS = [
    *sorted(p for folder in ("app", "script", "migrations") for p in (ROOT / folder).rglob("*.py")),
    ROOT / "config.py",
    ROOT / "wsgi.py",
]
FEATURES = ("accounts", "challenges", "applications", "judging", "awards", "mail", "sample")

# What each feature is made of (a package of the same name where one file would be long) …
USUAL = {
    "__init__",
    "models",
    "states",
    "rules",
    "queries",
    "services",
    "forms",
    "views",
    "jobs",
    "cli",
    "panels",
    "labels",
    "chores",
    "mails",
    "personal_data",
    "trail_words",
}
# … and what only one of them has: its own subject, or mathematics. A new name belongs here, with a thought whether an old one would do.
OWN = {
    "accounts": {"colours", "passwords", "profile", "session"},
    "challenges": {"checklist", "checks", "content", "eligibility", "feeds", "form", "inputs", "inquiry_rules", "next_step", "presentation", "retention", "rule_words", "starts"},
    "applications": {"content", "desk", "exports", "writing"},
    "judging": {
        "adjusted", "agreement", "assignment", "blind", "elimination", "expertise", "levels", "marks", "official", "pairwise", "robustness", "running_order", "wishes",
        "conflicts",
        "giving",
        "people",
        "rounds",
    },
    "awards": {
        "appeals", "bundle", "certificate_check", "certificate_cli", "certificate_forms", "certificate_jobs", "certificate_queries", "certificate_rules", "certificates",
        "departures", "outcome_rules", "previews", "proposal", "published", "result_content", "standing",
    },
    "mail": {"kinds", "rendering", "wording"},
    "sample": {"data", "demo", "invented", "material", "papers", "scores", "timetable"},
}  # fmt: skip

MOST_LINES = {"app/awards/bundle/verify.py": 590}  # leaves the house as one file that needs no other


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_run_one_way(tmp_path, capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path))
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_only_files_that_one_expects(feature):
    found = {p.stem for p in (APP / feature).iterdir() if p.name != "__pycache__"}
    assert found <= USUAL | OWN.get(feature, set())


def test_no_module_is_too_long_to_read():
    long = {name(p): n for p in MODULES if (n := len(p.read_text().splitlines())) > MOST_LINES.get(name(p), 400)}
    assert long == {}


def test_no_template_is_too_long_to_read():
    long = {
        name(p): n
        for p in (APP / "templates").rglob("*.html")
        if p.parent.name != "_macros" and (n := len(p.read_text().splitlines())) > 150
    }
    assert long == {}


def test_every_module_says_what_it_is_for():
    silent = [name(p) for p in MODULES if (text := p.read_text().strip()) and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_states_stand_on_the_standard_library_alone():
    for path in APP.rglob("states.py"):
        imported = {line.split()[1] for line in path.read_text().splitlines() if line.startswith(("import ", "from "))}
        assert imported <= {"enum", "collections.abc", "dataclasses", "typing"}, name(path)


def inner_modules() -> list[Path]:
    return [
        p
        for p in MODULES
        if p.stem in ("states", "rules", "queries", "services") or p.parent.name in ("services", "rules", "queries")
    ]


def test_rules_queries_and_services_never_commit():
    for path in inner_modules():
        commits = [
            n.lineno
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Attribute) and n.attr in ("commit", "rollback")
        ]
        assert commits == [], name(path)


def test_an_exception_from_a_check_says_why():
    bare = []
    for path in OURS:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"#\s*noqa(?!: [A-Z0-9, ]+ - \w)", line) or re.search(
                r"#\s*type:\s*ignore(?!\[[a-z, -]+\]\s+# \w)", line
            ):
                bare.append(f"{name(path)}:{number}: {line.strip()}")
    assert bare == []


# Written backwards, so that this file does not hold them.
FOREIGN = re.compile(
    "|".join(
        re.escape(word[::-1])
        for word in ("gro.ipyp", "detsohnohtyp", "gro.sjmpn", "moc.sjmpn", "gro.naibed.", " /krow/", '"/krow/')
    )
)
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".json", ".cfg", ".ini", ".po", ".yml", ""}
LEFT_OUT = {
    ".git",
    ".venv",
    "var",
    "vendor",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}


def test_no_file_names_a_registry_or_the_place_where_it_was_written():
    found = []
    for path in ROOT.rglob("*"):
        if path.suffix in TEXT and path.is_file() and not LEFT_OUT & set(path.relative_to(ROOT).parts):
            found += [f"{name(path)}: {match.group()}" for match in FOREIGN.finditer(path.read_text(errors="ignore"))]
    assert found == []
