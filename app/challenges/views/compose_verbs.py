"""What the buttons of the form builder do, as changes of the working copy: "add:number", "up:q.team", "place:q.team:plan:3", "undo"."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.models import User
from app.challenges import queries, services
from app.challenges.form import changes
from app.challenges.form.checks import FormProblem
from app.challenges.form.difference import kind_label
from app.challenges.form.model import Form, Kind, Question, Section
from app.challenges.forms.composing import ItemForm
from app.challenges.labels import step_label
from app.challenges.models import Challenge
from app.challenges.services.compose_form import Deed, Rewrite
from app.challenges.views.blueprint import bp
from app.core.bilingual import Bilingual
from app.core.errors import RuleBroken
from app.web.filters import local

STEMS = {Kind.SHORT_TEXT: "text", Kind.LONG_TEXT: "text", Kind.YES_NO: "yesno", Kind.CHOICES: "choice"}


def find_item(form: Form, item: str) -> Question | Section | None:
    """The question or section that an item of the outline ("q.team", "s.plan") stands for."""
    kind, _dot, code = item.partition(".")
    if kind == "q":
        return form.question(code)
    return next((section for section in form.sections if section.code == code), None) if kind == "s" else None


def item_of(found: Question | Section) -> str:
    return f"{'q' if isinstance(found, Question) else 's'}.{found.code}"


def item_of_problem(problem: FormProblem) -> str:
    """The item to mend; none where it is about the whole form."""
    return f"q.{problem.question}" if problem.question else f"s.{problem.section}" if problem.section else ""


def number_of(text: str | None) -> int:
    """A version as a page sent it; -1, which is stale, where that is nonsense."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def words_of(found: Question | Section) -> Bilingual:
    """What an item is called; it may have no words yet."""
    words = found.label if isinstance(found, Question) else found.title
    return Bilingual(words.ko[:200], words.en[:200])


def _name(words: Bilingual) -> str:
    return local(words) or _("not worded yet")


@bp.app_template_global()
def item_name(form: Form, item: str) -> str:
    """What an item of the form is called on the page."""
    found = find_item(form, item)
    return _name(words_of(found)) if found is not None else item[2:]


@dataclass
class Builder:
    """One person's hand at a call's working copy, in one request.

    `seen_version` is the copy's version as the page shows it: what takes others' words away (remove, undo, a whole new form)
    is only done to what the person has seen. `said` is what was done, for the live region.
    """

    challenge: Challenge
    actor: User
    now: datetime
    seen_version: int
    said: str = ""

    def keep(self, found: Question | Section, form: ItemForm, seen: str) -> None:
        """Keep what is typed into the chosen item. Raises RuleBroken, StaleEdit."""
        save = services.save_question if isinstance(found, Question) else services.save_section
        changed = save(
            self.challenge, found.code, lambda whole: form.write(whole, found.code), seen=seen, name=words_of(found),
            actor=self.actor, now=self.now,
        )  # fmt: skip
        if changed:
            self.seen_version += 1

    def act(self, do: str, chosen: str) -> str:
        """Do what a button says, and return the item to show then ("" for the same). Raises RuleBroken, StaleEdit."""
        verb, _colon, rest = do.partition(":")
        item, _colon, more = rest.partition(":")
        if verb == "open":
            return item
        if verb in ("undo", "redo", "discard", "keep-mine"):
            return self._step(verb)
        if verb == "add":
            return self._add(item, chosen)
        if verb == "section":
            return self._add_section(chosen)
        if verb in ("up", "down", "place", "duplicate", "remove"):
            return self._arrange(verb, item, more)
        return ""

    def _step(self, verb: str) -> str:
        who = {"actor": self.actor, "now": self.now, "version": self.seen_version}
        if verb == "keep-mine":
            services.keep_working_copy(self.challenge, **who)  # type: ignore[arg-type] # one dictionary for all four
            return ""
        if verb == "discard":
            services.discard_working_copy(self.challenge, **who)  # type: ignore[arg-type] # as above
            self.said = _("The working copy says again what the form in force says.")
            return ""
        step = (services.undo_change if verb == "undo" else services.redo_change)(self.challenge, **who)  # type: ignore[arg-type] # as above
        self.said = (
            _("Undone: %(change)s.", change=step_label(step))
            if verb == "undo"
            else _("Done again: %(change)s.", change=step_label(step))
        )
        return step.code

    def _change(self, deed: Deed, change: Rewrite, *, strict: bool = False) -> Form:
        services.change_form(
            self.challenge, deed, change, actor=self.actor, now=self.now, version=self.seen_version if strict else None
        )
        return queries.get_working_copy(self.challenge).form

    def _add(self, kind_value: str, chosen: str) -> str:
        if kind_value not in list(Kind):
            return ""
        kind = Kind(kind_value)
        question = changes.new_question(kind, Bilingual(), changes.fresh_code(STEMS.get(kind, kind.value)))

        def change(form: Form) -> Form:
            found = find_item(form, chosen)
            if not form.sections:
                form = changes.add_section(form, changes.first_section())
            if isinstance(found, Question):
                section, place = changes.place_of(form, found.code)
                return changes.add_question(form, section.code, question, place + 1)
            return changes.add_question(form, (found or form.sections[-1]).code, question)

        self._change(Deed("add", item_of(question), words_of(question)), change)
        self.said = _("Added: %(kind)s.", kind=kind_label(kind))
        return item_of(question)

    def _add_section(self, chosen: str) -> str:
        section = changes.new_section(Bilingual())

        def change(form: Form) -> Form:
            found = find_item(form, chosen)
            if found is None:
                return changes.add_section(form, section)
            after = changes.place_of(form, found.code)[0] if isinstance(found, Question) else found
            return changes.add_section(form, section, form.sections.index(after) + 1)

        self._change(Deed("add", item_of(section), words_of(section)), change)
        self.said = _("Added a section.")
        return item_of(section)

    def _arrange(self, verb: str, item: str, more: str) -> str:
        before = queries.get_working_copy(self.challenge).form
        found = find_item(before, item)
        if found is None:
            raise RuleBroken(_("What you had open is not in the form any more; somebody removed it."))
        name, code = words_of(found), found.code
        if verb == "remove":
            self._change(Deed("remove", item, name), _removing(found), strict=True)
            self.said = _("Removed “%(name)s”. Undo brings it back.", name=_name(name))
            return _neighbour(before, found)
        if verb == "duplicate":
            twin = changes.duplicate_question if isinstance(found, Question) else changes.duplicate_section
            after = self._change(Deed("duplicate", item, name), lambda form: twin(form, code))
            self.said = _("Duplicated “%(name)s”.", name=_name(name))
            return next(new for new in _items(after) if new not in set(_items(before)))
        after = self._change(Deed("move", item, name), _moving(found, verb, more))
        self.said = (
            _("“%(name)s” stands at the end already.", name=_name(name))
            if after == before
            else _placed(after, code, name)
        )
        return item


def _removing(found: Question | Section) -> Rewrite:
    remove = changes.remove_question if isinstance(found, Question) else changes.remove_section
    return lambda form: remove(form, found.code)


def _moving(found: Question | Section, verb: str, more: str) -> Rewrite:
    code = found.code
    if isinstance(found, Section):
        if verb == "place":
            return lambda form: changes.move_section(form, code, _place(more))
        return lambda form: changes.move_section_by(form, code, -1 if verb == "up" else 1)
    if verb == "place":
        section, _colon, place = more.partition(":")
        return lambda form: changes.move_question(form, code, section, _place(place))
    return lambda form: (changes.move_question_up if verb == "up" else changes.move_question_down)(form, code)


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _items(form: Form) -> list[str]:
    """The outline from top to bottom."""
    items: list[str] = []
    for section in form.sections:
        items += [item_of(section), *(item_of(question) for question in section.questions)]
    return items


def _neighbour(form: Form, gone: Question | Section) -> str:
    """What to show once something is removed: what comes after it, else what stands above."""
    items = _items(form)
    lost = {item_of(gone), *(map(item_of, gone.questions) if isinstance(gone, Section) else ())}
    place = items.index(item_of(gone))
    after = [item for item in items[place:] if item not in lost]
    return (after or items[:place][-1:] or [""])[0]


def _placed(form: Form, code: str, name: Bilingual) -> str:
    """Where it stands now, for those who do not see it."""
    question = form.question(code)
    if question is None:
        place = [section.code for section in form.sections].index(code) + 1
        return _(
            "Moved “%(name)s”: section %(place)s of %(count)s.", name=_name(name), place=place, count=len(form.sections)
        )
    section, place = changes.place_of(form, code)
    return _(
        "Moved “%(name)s”: place %(place)s of %(count)s in “%(section)s”.",
        name=_name(name), place=place + 1, count=len(section.questions), section=_name(words_of(section)),
    )  # fmt: skip
