"""Which of the two languages a page is in: the person's, else the visitor's choice, else what the browser asks for."""

from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import Babel
from flask_login import current_user

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


def init_language(app: Flask) -> None:
    """Each feature keeps its own catalogue under translations/<feature>/."""
    # One that is missing would bring English plurals with it.
    folder = Path(app.root_path) / "translations"
    there = [name for name in CATALOGUES if (folder / name / "ko/LC_MESSAGES/messages.mo").exists()]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(f"translations/{name}" for name in there)
    Babel(app, locale_selector=choose_language)
