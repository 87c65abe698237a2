"""My data: everything that is held about me, as a page and as one ZIP; and closing the account."""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import services
from app.accounts.forms.people import CloseAccountForm
from app.accounts.rules import why_not_close
from app.accounts.services.change_credentials import check_current
from app.accounts.services.keep_members import count_people
from app.accounts.session import end_session, signed_in_user
from app.accounts.views.blueprint import PASSWORD, bp, refused, too_many, wait_sentence
from app.core.audit.trail import record
from app.core.database import db
from app.core.errors import RuleBroken
from app.core.persons import Holding, keepers
from app.core.storage import Storage
from app.core.zipstream import Member, UniquePaths, path_part, stream_zip
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import attachment_headers, storage
from app.web.filters import in_zone, when
from app.web.limits import Throttle

DOWNLOADS = Throttle("my-data", per_account="20 per hour", per_address="200 per hour")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
SHOWN = 10  # rows of each kind on the page; the download has all


@bp.app_template_filter("told")
def told(value: str) -> str:
    """A value as people read it: a moment in words, which the JSON keeps as it is."""
    return when(datetime.fromisoformat(value)) if MOMENT.fullmatch(value) else value


def _holdings() -> list[Holding]:
    person = signed_in_user()
    return [holding for keeper in keepers() for holding in keeper.find(person) if holding.rows or holding.files]


@bp.get("/account/my-data")
@access(signed_in)
def show_my_data() -> str:
    return render_template("accounts/my_data.html", holdings=_holdings(), shown=SHOWN, user=signed_in_user())


@bp.post("/account/my-data.zip")
@access(signed_in)
def download_my_data() -> ResponseReturnValue:
    """One ZIP: JSON for programs, HTML to read, and the files. It is made while it is sent, so it needs no waiting."""
    user, moment = signed_in_user(), now()
    if wait := DOWNLOADS.hit(user.email):
        flash(wait_sentence(wait), "error")
        return redirect(url_for(".show_my_data"), code=303)
    holdings = _holdings()
    readable = render_template("accounts/my_data_file.html", holdings=holdings, user=user, made_at=moment)
    record("accounts.download_my_data", subject=user, actor=user, now=moment)
    db.session.commit()
    name = f"{_('my-data')}_{in_zone(moment):%Y%m%d-%H%M}.zip"
    headers = attachment_headers(name) | {"Cache-Control": "no-store"}
    members = _members(holdings, readable, in_zone(moment), storage())
    return Response(stream_zip(members), content_type="application/zip", headers=headers)


def _members(holdings: list[Holding], readable: str, moment: datetime, kept: Storage) -> Iterator[Member]:
    """The ZIP's members; a file that the storage no longer has is left out, and the list still names it."""
    data = {
        holding.code: {
            "title": holding.title, "kept": holding.kept, "rows": [dict(row) for row in holding.rows],
            "files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in holding.files],
        }
        for holding in holdings
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, indent=1).encode()
    yield Member("my-data.json", moment, len(text), iter([text]))
    html = readable.encode()
    yield Member("my-data.html", moment, len(html), iter(io.BytesIO(html)))
    paths = UniquePaths()
    for holding in holdings:
        for file in holding.files:
            if kept.exists(file.sha256):
                path = paths.give(f"files/{holding.code}", path_part(file.name))
                yield Member(path, moment, file.size, kept.read_chunks(file.sha256))


@bp.route("/account/close", methods=["GET", "POST"])
@access(signed_in)
def close_account() -> ResponseReturnValue:
    """What goes now and what stays until when; POST with the password closes the account for good."""
    user, form = signed_in_user(), CloseAccountForm()
    page = "accounts/close_account.html"
    values: dict[str, Any] = {"user": user, "holdings": _holdings(), "why": why_not_close(user, count_people(user))}
    if not form.is_submitted():
        return render_template(page, form=form, **values)
    if not form.validate():
        return refused(page, form, **values)
    if wait := PASSWORD.hit(user.email):
        return too_many(page, form, wait, **values)
    try:
        check_current(user, form.current.data or "")
        services.close_account(user, now=now())
    except RuleBroken as refusal:
        db.session.rollback()
        return refused(page, form, refusal, **values)
    db.session.commit()
    end_session()
    flash(_("Your account is closed. What had to stay is named nowhere with you."), "success")
    return redirect(url_for("challenges.list_challenges"), code=303)
