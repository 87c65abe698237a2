"""The Korean catalogues: one for each feature, extracted from its folder and its templates.

The English of the source is the key; a sentence without its Korean, or a fuzzy one, fails a test.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
TRANSLATIONS = APP / "translations"
sys.path.insert(0, str(ROOT))

KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
JINJA = {"trimmed": "true", "silent": "false"}
EXTRA = {
    "web": [APP / "navigation.py", APP / "templates/base.html", APP / "templates/_macros", APP / "templates/errors"],
    "mail": [APP / "templates/emails/base.html"],
}


def sources(feature: str) -> list[Path]:
    """The Python files and templates whose words belong to `feature`, in a fixed order."""
    places = [APP / feature, APP / "templates" / feature, APP / "templates/emails" / feature, *EXTRA.get(feature, [])]
    found: list[Path] = []
    for place in places:
        if place.is_file():
            found.append(place)
        elif place.is_dir():
            found += sorted(p for p in place.rglob("*") if p.suffix in (".py", ".html", ".txt", ".xml"))
    return found


def extract(feature: str) -> Catalog:
    """All sentences of a feature, with the files that they stand in."""
    catalog = Catalog(project="Madang", charset="utf-8")
    for path in sources(feature):
        method = "python" if path.suffix == ".py" else "jinja2.ext.babel_extract"
        options = {} if path.suffix == ".py" else JINJA
        for _line, message, comments, context in extract_from_file(method, path, KEYWORDS, ["i18n:"], options):
            where = [(path.relative_to(ROOT).as_posix(), None)]
            catalog.add(message, None, where, auto_comments=comments, context=context)
    return catalog


def po_path(feature: str) -> Path:
    return TRANSLATIONS / feature / "ko/LC_MESSAGES/messages.po"


def read(feature: str) -> Catalog:
    path = po_path(feature)
    if not path.exists():
        return Catalog(locale="ko", project="Madang", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def update(feature: str) -> tuple[int, int]:
    """Merge what the source says into the catalogue; returns the number of sentences and of those without Korean."""
    catalog, template = read(feature), extract(feature)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    path = po_path(feature)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalog, width=120, no_location=False, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    # Dates and tool versions in the header would differ each time and say nothing.
    lines = out.getvalue().decode().splitlines()
    dull = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team', "# ")
    path.write_text("\n".join(line for line in lines if not line.startswith(dull)) + "\n")
    messages = [m for m in catalog if m.id]
    return len(messages), sum(1 for m in messages if not is_translated(m))


def is_translated(message: Message) -> bool:
    string = message.string
    return all(string) if isinstance(string, list | tuple) else bool(string)


def compile_catalogue(feature: str) -> None:
    """Write the .mo beside the .po where that is older."""
    po = po_path(feature)
    mo = po.with_suffix(".mo")
    if po.exists() and (not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime):
        fresh = mo.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, read(feature))
        fresh.replace(mo)


def main(arguments: list[str]) -> None:
    every = sorted(p.name for p in TRANSLATIONS.iterdir() if p.is_dir())
    names = [a for a in arguments if not a.startswith("-")] or every
    for feature in names:
        if "--compile" not in arguments:
            total, missing = update(feature)
            print(f"{feature}: {total} sentences, {missing} without Korean")
        compile_catalogue(feature)


if __name__ == "__main__":
    main(sys.argv[1:])
