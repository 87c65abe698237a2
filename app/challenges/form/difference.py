"""What a new form changes, in sentences that an applicant understands."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import pgettext

from app.challenges.form.model import Form, Kind, Question, Section
from app.core.bilingual import Bilingual
from app.web.filters import local, number


def difference(old: Form, new: Form) -> list[str]:
    """One sentence for each thing that is not as it was, in the order of the new form; what is gone comes last."""
    return [*_sections(old, new), *_questions(old, new)]


def _sections(old: Form, new: Form) -> Iterable[str]:
    before = {section.code: section for section in old.sections}
    for section in new.sections:
        standing = before.get(section.code)
        title = local(section.title)
        if standing is None:
            yield _("New section “%(title)s”.", title=title)
            continue
        if standing.title != section.title:
            yield _("Section “%(old)s” is now called “%(new)s”.", old=local(standing.title), new=title)
        if standing.intro != section.intro:
            yield _("Section “%(title)s”: its introduction has new words.", title=title)
        if standing.themes != section.themes:
            yield _("Section “%(title)s” is asked for %(themes)s.", title=title, themes=_themes(section.themes))
    kept = [section.code for section in new.sections]
    if [code for code in before if code in kept] != [code for code in kept if code in before]:
        yield _("The sections stand in a new order.")
    for section in old.sections:
        if section.code not in kept:
            yield _("Section “%(title)s” is gone.", title=local(section.title))


def _themes(themes: tuple[str, ...]) -> str:
    return _("theme %(codes)s only", codes=", ".join(themes)) if themes else _("all themes")


def _questions(old: Form, new: Form) -> Iterable[str]:
    before, after = _placed(old), _placed(new)
    for code, (section, question) in after.items():
        standing = before.get(code)
        if standing is None:
            need = _("It has to be answered.") if question.required else _("It may be left open.")
            name = {"label": local(question.label), "section": local(section.title)}
            yield _("New question “%(label)s” in section “%(section)s”.", **name) + " " + need
        else:
            yield from _question(standing[1], question)
            if standing[0].code != section.code:
                yield _(
                    "“%(label)s” is now asked in section “%(section)s”.",
                    label=local(question.label), section=local(section.title),
                )  # fmt: skip
    for section in new.sections:
        ours = [q.code for q in section.questions if q.code in before and before[q.code][0].code == section.code]
        if ours != [code for code in before if code in ours]:
            yield _("Section “%(title)s”: the questions stand in a new order.", title=local(section.title))
    for code, (_section, question) in before.items():
        if code not in after:
            yield _("“%(label)s” is not asked any more.", label=local(question.label))


def _placed(form: Form) -> dict[str, tuple[Section, Question]]:
    return {question.code: (section, question) for section in form.sections for question in section.questions}


def _question(old: Question, new: Question) -> Iterable[str]:
    label = local(new.label)
    if old.label != new.label:
        yield _("“%(old)s” now reads “%(new)s”.", old=local(old.label), new=label)
    if old.kind is not new.kind:
        yield _("“%(label)s” is now answered in another way: %(kind)s.", label=label, kind=kind_label(new.kind))
    if old.limit != new.limit:
        yield _limit(label, new)
    if old.options != new.options and old.kind is new.kind:
        yield from _options(label, old, new)
    yield from _switched(label, old, new)
    for names, sentence in _other_changes(label):
        if any(getattr(old, name) != getattr(new, name) for name in names):
            yield sentence


def _switched(label: str, old: Question, new: Question) -> Iterable[str]:
    """What is on or off, with the sentence for each."""
    switches = {
        "required": (
            _("“%(label)s” has to be answered now.", label=label),
            _("“%(label)s” may be left open now.", label=label),
        ),
        "private": (
            _("“%(label)s”: judges do not see the answer any more.", label=label),
            _("“%(label)s”: judges see the answer now.", label=label),
        ),
        "identifying": (
            _("“%(label)s”: the answer is hidden in blind review now.", label=label),
            _("“%(label)s”: the answer is not hidden in blind review any more.", label=label),
        ),
    }
    for name, (turned_on, turned_off) in switches.items():
        if getattr(old, name) != getattr(new, name):
            yield turned_on if getattr(new, name) else turned_off


def _other_changes(label: str) -> Iterable[tuple[tuple[str, ...], str]]:
    yield ("least", "most", "unit"), _("“%(label)s”: the numbers that are taken have changed.", label=label)
    yield ("columns", "rows_most"), _("“%(label)s”: the table has changed.", label=label)
    yield ("types", "max_mb", "max_age_days"), _("“%(label)s”: the files that are taken have changed.", label=label)
    yield (
        ("text", "shares_with_sponsor"),
        _("“%(label)s”: the text to agree to has changed. It has to be read and decided on again.", label=label),
    )
    yield ("help", "example"), _("“%(label)s”: the explanation has new words.", label=label)
    yield ("condition", "themes"), _("“%(label)s”: when it is asked has changed.", label=label)
    yield ("prefill",), _("“%(label)s”: what the answer begins with has changed.", label=label)


def _limit(label: str, new: Question) -> str:
    if new.limit is None:
        return _("“%(label)s”: the length is not limited any more.", label=label)
    return _("“%(label)s”: at most %(limit)s characters now.", label=label, limit=number(new.limit))


def _options(label: str, old: Question, new: Question) -> Iterable[str]:
    before = {option.code: option.label for option in old.options}
    after = {option.code: option.label for option in new.options}
    added = [text for code, text in after.items() if code not in before]
    gone = [text for code, text in before.items() if code not in after]
    if added:
        yield _("“%(label)s” offers besides: %(options)s.", label=label, options=_listed(added))
    if gone:
        yield _("“%(label)s” does not offer any more: %(options)s.", label=label, options=_listed(gone))
    if not added and not gone:
        yield _("“%(label)s”: the options have new words or stand in a new order.", label=label)


def _listed(texts: list[Bilingual]) -> str:
    return ", ".join(f"“{local(text)}”" for text in texts)


def kind_label(kind: Kind) -> str:
    """What a kind of question is called."""
    return {
        Kind.SHORT_TEXT: _("Short text"),
        Kind.LONG_TEXT: _("Long text"),
        Kind.NUMBER: pgettext("question", "Number"),
        Kind.MONEY: _("Amount in won"),
        Kind.DATE: _("Date"),
        Kind.CHOICE: _("One of several"),
        Kind.CHOICES: _("Any of several"),
        Kind.YES_NO: _("Yes or no"),
        Kind.URL: _("Web address"),
        Kind.TABLE: _("Table"),
        Kind.FILE: _("File"),
        Kind.CONSENT: _("Consent"),
    }[kind]
