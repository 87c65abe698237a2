"""Which of the two languages a page is in: the person's, else the visitor's choice, else what the browser asks for."""

from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_translations
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.core.bilingual import DEFAULT_LANGUAGE, LANGUAGES, Language, as_language

CATALOGUES = ("web", "mail", "accounts", "challenges", "applications", "judging", "awards", "sample")


def choose_language() -> Language:
    if not has_request_context():  # a job or a command; mails are rendered in their person's language
        return DEFAULT_LANGUAGE
    if current_user.is_authenticated:
        return as_language(current_user.language)
    if (chosen := session.get("language")) in LANGUAGES:
        return as_language(chosen)
    return as_language(request.accept_languages.best_match(LANGUAGES, default=DEFAULT_LANGUAGE))


class QuickDomain(Domain):
    """Looks for the catalogue once in a request, not for each of the hundred sentences of a page.

    Flask-Babel drops `babel_translations` itself wherever the language changes (force_locale, refresh).
    """

    def get_translations(self) -> Translations | NullTranslations:
        found: Translations | NullTranslations | None = getattr(g.get("_flask_babel"), "babel_translations", None)
        if found is None:
            found = super().get_translations()
            g._flask_babel.babel_translations = found  # noqa: SLF001 - where Flask-Babel keeps what it knows of a request
        return found


def _catalogue() -> Any:
    """The same, without asking Flask-Babel who looks for it."""
    return getattr(g.get("_flask_babel"), "babel_translations", None) or get_translations()


@pass_eval_context
def _gettext(escaping: EvalContext, message: str, **variables: object) -> str:
    """What Jinja's own does (a sentence is always a format string), less its ways around."""
    text: str = _catalogue().ugettext(message)
    if escaping.autoescape:
        text = Markup(text)  # noqa: S704 - a sentence of ours; what is put into it is escaped
    return text % variables if variables or "%" in text else text


@pass_eval_context
def _ngettext(escaping: EvalContext, one: str, many: str, num: int, **variables: object) -> str:
    text: str = _catalogue().ungettext(one, many, num)
    if escaping.autoescape:
        text = Markup(text)  # noqa: S704 - as above
    return text % {"num": num, **variables}


def init_language(app: Flask) -> None:
    """Each feature keeps its own catalogue under translations/<feature>/."""
    # One that is missing would bring English plurals with it.
    folder = Path(app.root_path) / "translations"
    there = [name for name in CATALOGUES if (folder / name / "ko/LC_MESSAGES/messages.mo").exists()]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(f"translations/{name}" for name in there)
    babel = Babel(app, locale_selector=choose_language)
    babel.domain_instance = QuickDomain()
    app.jinja_env.globals |= {"_": _gettext, "gettext": _gettext, "ngettext": _ngettext}
