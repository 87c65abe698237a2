"""Who writes in which section now: the page says so every few seconds, and hears of the others."""

from uuid import UUID

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.session import signed_in_user
from app.applications.views import bp
from app.applications.writing import queries, services
from app.applications.writing.states import Right
from app.core.database import db
from app.web.access import access, signed_in
from app.web.clock import now


@bp.post("/applications/<uuid:application_id>/presence")
@access(signed_in)
def say_presence(application_id: UUID) -> ResponseReturnValue:
    """Note that the person writes in a section (or, with `leaves`, no longer does) and answer with the others' places.

    Asked every twenty seconds by every open form, so it loads nothing that it does not need.
    """
    user = signed_in_user()
    right = queries.get_right(user, application_id) or abort(404)
    section = request.form.get("section", "")[:64]
    if section and right.includes(Right.EDIT):
        if request.form.get("leaves"):
            services.end_presence(application_id, user.id, section)
        else:
            services.say_presence(application_id, user.id, section, now=now())
    present = queries.list_present(application_id, besides=user.id, now=now())
    db.session.commit()
    # Without what every page is given, such as the person's menu, which would be read anew after the commit.
    template = current_app.jinja_env.get_template("applications/writing/present.html")
    return template.render(present=present, section=section)
