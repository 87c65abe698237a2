"""The organizer's exports of what was received. They are posted: each leaves an event in the trail."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.accounts.session import signed_in_user
from app.applications import services
from app.applications.exports import make_archive, write_table
from app.applications.exports.table import MEDIA_TYPES, TableKind
from app.applications.views import bp
from app.applications.views.asked import asked_of
from app.applications.views.received import managed_or_404
from app.core.database import db, snapshot
from app.core.storage import CHUNK
from app.web.access import access, signed_in
from app.web.clock import now
from app.web.files import attachment_headers, storage
from app.web.filters import in_zone

UNKEPT = {"Cache-Control": "no-store"}  # a file full of people's data is no browser's to keep


@bp.post("/manage/<uuid:challenge_id>/applications/export.csv")
@access(signed_in)
def export_csv(challenge_id: UUID) -> Response:
    return _table(challenge_id, "csv")


@bp.post("/manage/<uuid:challenge_id>/applications/export.xlsx")
@access(signed_in)
def export_xlsx(challenge_id: UUID) -> Response:
    return _table(challenge_id, "xlsx")


@bp.post("/manage/<uuid:challenge_id>/applications/documents.zip")
@access(signed_in)
def export_documents(challenge_id: UUID) -> Response:
    with snapshot():
        challenge = managed_or_404(challenge_id)
        archive = make_archive(challenge, asked_of(challenge), now=now())
    name = _leave_trace(challenge_id, "documents", archive.applications, files=len(archive.files))
    headers = attachment_headers(f"{name}.zip") | UNKEPT
    return Response(archive.stream(storage()), content_type="application/zip", headers=headers)


def _table(challenge_id: UUID, kind: TableKind) -> Response:
    out = TemporaryFile()  # noqa: SIM115 - closed when it has been sent, or below
    try:
        with snapshot():
            challenge = managed_or_404(challenge_id)
            count = write_table(out, challenge, asked_of(challenge), kind)
        name = _leave_trace(challenge_id, kind, count)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    headers = attachment_headers(f"{name}.{kind}", size=size) | UNKEPT
    response = Response(_pieces(out), content_type=MEDIA_TYPES[kind], headers=headers)
    response.call_on_close(out.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _leave_trace(challenge_id: UUID, kind: str, applications: int, *, files: int = 0) -> str:
    """Write the event of an export that is ready to be sent, and return a name for its file, without ending."""
    challenge = managed_or_404(challenge_id)
    services.export_received(
        challenge, asked_of(challenge), kind=kind, applications=applications, files=files, actor=signed_in_user(), now=now()
    )  # fmt: skip
    what = _("documents") if kind == "documents" else _("applications")
    name = f"{what}_{challenge.slug}_{in_zone(now(), challenge.timezone):%Y%m%d-%H%M}"
    db.session.commit()
    return name
