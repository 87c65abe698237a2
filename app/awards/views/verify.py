"""Whether a certificate is genuine: for anybody who holds its code or its file, and for nobody else."""

import hashlib
from dataclasses import dataclass, replace
from typing import Literal

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app.awards import certificate_queries as queries
from app.awards.certificate_check import check_file
from app.awards.certificate_forms import VerifyForm
from app.awards.certificates.codes import grouped, printed_address, read_code, read_serial
from app.awards.models import Certificate
from app.awards.states import CertificateState
from app.awards.views import bp
from app.web.access import access, anyone
from app.web.filters import filesize
from app.web.limits import limiter

MOST_BYTES = 16 * 1024 * 1024
HASTE = "60 per minute; 600 per hour"  # a hall full of people behind one address still gets through

check_limit = limiter.shared_limit(HASTE, scope="certificates")


@dataclass(frozen=True)
class Verdict:
    """What a check found. Only `valid` and `revoked` name anything; `given` is the fingerprint of a file that was sent."""

    kind: Literal["valid", "revoked", "altered", "unknown", "unknown_file"]
    certificate: Certificate | None = None
    by_file: bool = False
    given: str = ""
    signature: str = ""  # of a file: "whole", or what is wrong with it (certificates.signing.Fault)

    @property
    def code(self) -> str:
        return grouped(self.certificate.code) if self.certificate else ""

    @property
    def address(self) -> str:
        return printed_address(current_app.config["BASE_URL"], self.certificate.code) if self.certificate else ""


def _verdict(certificate: Certificate | None, *, given: str = "") -> Verdict:
    if certificate is None:
        return Verdict("unknown_file" if given else "unknown", given=given)
    if given and certificate.sha256 != given:
        return Verdict("altered", certificate, by_file=True, given=given)
    kind: Literal["valid", "revoked"] = "revoked" if certificate.state is CertificateState.REVOKED else "valid"
    return Verdict(kind, certificate, by_file=bool(given), given=given)


@bp.route("/verify", methods=["GET", "POST"])
@access(anyone)
@check_limit
def verify_certificate() -> AnyResponse:
    """The form; and, sent with a code or a PDF, the answer."""
    form = VerifyForm()
    if request.method == "GET":
        code = read_code(request.args.get("code", ""))
        return _to(code) if code else _page(form)
    if not form.validate():
        return _page(form, status=422)
    upload = request.files.get("pdf")
    return _check_file(form, upload) if upload is not None and upload.filename else _check_code(form)


def _check_code(form: VerifyForm) -> AnyResponse:
    code = read_code(form.code.data or "")
    if code is None:
        form.add_error("code", _("Type the 16 letters and digits that stand beside the QR code, or choose the PDF."))
        return _page(form, status=422)
    certificate = queries.find_by_code(code, read_serial(form.serial.data or ""))
    return _page(form, verdict=_verdict(None)) if certificate is None else _to(code)


def _check_file(form: VerifyForm, upload: FileStorage) -> AnyResponse:
    """The file's fingerprint decides; a code beside it only says from which certificate an altered file departs."""
    pdf = _read(upload, form)
    if pdf is None:
        return _page(form, status=422)
    checked, sha256 = check_file(pdf), hashlib.sha256(pdf).hexdigest()
    code = read_code(form.code.data or "")
    known = checked.certificate or queries.find_by_code(code, read_serial(form.serial.data or ""))
    return _page(form, verdict=replace(_verdict(known, given=sha256), signature=checked.fault or "whole"))


def _to(code: str) -> AnyResponse:
    return redirect(url_for(".show_certificate", code=grouped(code)), code=303)


@bp.get("/V/<code>")  # QR codes hold the address in capitals
@bp.get("/v/<code>")
@access(anyone)
@check_limit
def show_certificate(code: str) -> AnyResponse:
    known = read_code(code)
    certificate = queries.find_by_code(known)
    form = VerifyForm(formdata=None, data={"code": grouped(known) if known else code[:40]})
    return _page(form, verdict=_verdict(certificate), status=200 if certificate else 404)


def _read(upload: FileStorage, form: VerifyForm) -> bytes | None:
    """A file that is looked at once and not kept; None, with the reason in the form, where it is no PDF."""
    pdf = upload.stream.read(MOST_BYTES + 1)
    if len(pdf) > MOST_BYTES:
        limit = filesize(MOST_BYTES)
        form.add_error("pdf", _("The file is larger than %(limit)s; certificates are much smaller.", limit=limit))
    elif not pdf:
        form.add_error("pdf", _("The file is empty."))
    elif not pdf.startswith(b"%PDF-"):
        form.add_error("pdf", _("This is not a PDF. Choose the file that was issued, not a picture or a scan of it."))
    else:
        return pdf
    return None


def _page(form: VerifyForm, *, verdict: Verdict | None = None, status: int = 200) -> AnyResponse:
    response = make_response(render_template("awards/verify.html", form=form, verdict=verdict), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
