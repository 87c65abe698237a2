"""Closed unless opened: every view declares who may enter, and the application does not start with one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, abort, redirect, request, url_for
from flask_login import current_user

from app.web.errors import came_from, typed_texts

View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[Any], bool]  # is given the signed-in user, or None for a visitor

OPEN_ENDPOINTS = frozenset({"static"})


class RouteWithoutRule(RuntimeError):  # noqa: N818 - says what is wrong
    """A view that nobody said who may enter."""


def anyone(_user: object) -> bool:
    return True


def signed_in(user: object) -> bool:
    return user is not None


def access(rule: Rule) -> Callable[[View], View]:
    """Let only those whom `rule` admits into the view; which things they may see there is the queries' duty.

    A visitor is asked to sign in; somebody signed in is told that there is nothing (404).
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            user = current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 - Flask-Login's documented way
            if rule(user):
                return view(*args, **kwargs)
            if user is None:
                return ask_to_sign_in()
            return abort(404)

        guarded.access_rule = rule  # type: ignore[attr-defined] # read by the check below
        return cast("View", guarded)

    return guard


def ask_to_sign_in() -> Response:
    """Send a visitor to the sign-in page and back here afterwards; a script is told with a 401."""
    target = url_for("accounts.sign_in")
    if request.method in ("GET", "HEAD"):
        here = request.full_path.rstrip("?")
        if request.headers.get("HX-Request"):
            return Response(status=401, headers={"HX-Redirect": f"{target}?{urlencode({'next': here})}"})
        return cast("Response", redirect(f"{target}?{urlencode({'next': here})}", code=303))
    if request.headers.get("HX-Request") or typed_texts(at_least=80):
        abort(401)  # its page shows what was typed, so that it can be copied out
    back = came_from()  # to the form, which offers again what was typed into it
    return cast("Response", redirect(f"{target}?{urlencode({'next': back})}" if back else target, code=303))


def check_every_route(app: Flask) -> None:
    """Raise RouteWithoutRule naming each endpoint whose view declares no access rule."""
    missing = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS and not hasattr(app.view_functions[rule.endpoint], "access_rule")
    )
    if missing:
        raise RouteWithoutRule("no access rule on: " + ", ".join(missing))
