"""Who gets which answer from the routes of mail: on a development server the mailbox is open to anyone (see test_mailbox.py)."""

from typing import Any

from app.mail.services import queue_mail
from tests import factories
from tests.access import Row, Scene

EVERYBODY = "200 200 200 200 200 200 200 200"


def write_mail(scene: Scene) -> None:
    scene.more["mail"] = queue_mail(
        "hana@example.org",
        "accounts/password_changed",
        language="ko",
        now=factories.NOW,
        name="김하나",
        at=factories.NOW,
    )


def the_mail(scene: Scene) -> dict[str, Any]:
    return {"mail_id": scene.more["mail"].id}


ACCESS: dict[str, Row] = {
    "GET mail.show_mailbox": Row(EVERYBODY),
    "GET mail.show_mail": Row(EVERYBODY, values=the_mail, prepare=write_mail),
    "GET mail.show_mail_html": Row(EVERYBODY, values=the_mail, prepare=write_mail),
}
