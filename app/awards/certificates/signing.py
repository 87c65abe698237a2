"""Signing certificates and checking signed files: PAdES (ETSI EN 319 142-1) with ECDSA on P-256, certifying, nothing may change after.

A signature vouches for the bytes that it covers; a checker must therefore ask that it covers the whole file, or whatever was
appended later would pass with it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.core.lazy import Lazily

if TYPE_CHECKING:
    from asn1crypto import cms
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.pdf_utils import incremental_writer, reader
    from pyhanko.sign import fields, signers, timestamps, validation
    from pyhanko_certvalidator import context as validity
    from pyhanko_certvalidator import registry
else:
    cms, asn1_keys, asn1_x509 = Lazily("asn1crypto.cms"), Lazily("asn1crypto.keys"), Lazily("asn1crypto.x509")
    x509, hashes = Lazily("cryptography.x509"), Lazily("cryptography.hazmat.primitives.hashes")
    serialization, ec = (
        Lazily("cryptography.hazmat.primitives.serialization"),
        Lazily("cryptography.hazmat.primitives.asymmetric.ec"),
    )
    pkcs12 = Lazily("cryptography.hazmat.primitives.serialization.pkcs12")
    incremental_writer, reader = Lazily("pyhanko.pdf_utils.incremental_writer"), Lazily("pyhanko.pdf_utils.reader")
    fields, signers, validation = (
        Lazily("pyhanko.sign.fields"),
        Lazily("pyhanko.sign.signers"),
        Lazily("pyhanko.sign.validation"),
    )
    timestamps, registry = Lazily("pyhanko.sign.timestamps"), Lazily("pyhanko_certvalidator.registry")
    validity = Lazily("pyhanko_certvalidator.context")

YEARS = 20  # as long as anybody asks whether a certificate is genuine
ROOM = 1536  # bytes kept free for a signature without a chain
ROOM_FOR_A_STAMP = 8192


class KeyRefused(ValueError):  # noqa: N818 - a refusal, not a fault
    """The file is no PKCS#12 with a key on P-256 and its certificate, or its password is another."""


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate, both DER; `chain` are the certificates above it."""

    key: bytes
    certificate: bytes
    chain: tuple[bytes, ...] = ()


def make_identity(name: str, now: datetime) -> Identity:
    """A new key for a host whose name is `name`, with a certificate that it gives itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)  # noqa: FBT003 - signature, non-repudiation
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(_key_der(key), certificate.public_bytes(serialization.Encoding.DER))


def _key_der(key: Any) -> bytes:
    der: bytes = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return der


def seal_identity(identity: Identity, password: bytes) -> bytes:
    """The identity as PKCS#12 under `password`, as it is kept."""
    certificates = [x509.load_der_x509_certificate(data) for data in (identity.certificate, *identity.chain)]
    key: Any = serialization.load_der_private_key(identity.key, None)
    return pkcs12.serialize_key_and_certificates(
        b"madang", key, certificates[0], certificates[1:], serialization.BestAvailableEncryption(password)
    )


def open_identity(sealed: bytes, password: bytes | None) -> Identity:
    """Read a PKCS#12. Raises KeyRefused."""
    try:
        key, certificate, above = pkcs12.load_key_and_certificates(sealed, password)
    except ValueError as error:
        raise KeyRefused("This is no PKCS#12 file, or the password is another.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1" or certificate is None:
        raise KeyRefused("The file must hold a key on the curve P-256 and its certificate.")
    der = serialization.Encoding.DER
    return Identity(_key_der(key), certificate.public_bytes(der), tuple(c.public_bytes(der) for c in above))


class Signer:
    """Signs files as one identity; `timestamp_url` names an RFC 3161 server, "" none."""

    def __init__(self, identity: Identity, *, timestamp_url: str = "") -> None:
        store = registry.SimpleCertificateStore()  # type: ignore[no-untyped-call] # it ships without types
        store.register_multiple([asn1_x509.Certificate.load(data) for data in identity.chain])
        self._signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(identity.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(identity.key),
            cert_registry=store,
        )
        self._timestamper = timestamps.HTTPTimeStamper(timestamp_url) if timestamp_url else None
        self._room = ROOM + sum(map(len, identity.chain)) + (ROOM_FOR_A_STAMP if timestamp_url else 0)

    def sign(self, pdf: bytes) -> bytes:
        """`pdf` with a certifying signature over the whole of it, invisible on the page.

        In a thread of its own: pyHanko runs an event loop, which a thread that has one already refuses.
        """
        with ThreadPoolExecutor(max_workers=1) as own:
            return own.submit(self._sign, pdf).result()

    def _sign(self, pdf: bytes) -> bytes:
        writer = incremental_writer.IncrementalPdfFileWriter(BytesIO(pdf))
        said = signers.PdfSignatureMetadata(
            field_name="Certification", md_algorithm="sha256", certify=True, subfilter=fields.SigSeedSubFilter.PADES,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )  # fmt: skip
        out = BytesIO()
        signers.PdfSigner(said, self._signer, timestamper=self._timestamper).sign_pdf(
            writer, bytes_reserved=2 * self._room, output=out
        )
        return out.getvalue()


class Fault(StrEnum):
    """What is wrong with a file that was dropped on the page that checks."""

    NOT_A_PDF = "not_a_pdf"
    UNSIGNED = "unsigned"
    CHANGED = "changed"  # what the signature covers is not what was signed
    APPENDED = "appended"  # the signature holds, but not for the whole file
    STRANGER = "stranger"  # signed whole, by a key that is not ours


def find_fault(pdf: bytes, trusted: list[bytes]) -> Fault | None:
    """What keeps the file from being one that one of the `trusted` certificates (DER) signed whole; None where nothing does.

    Whatever cannot even be read is a fault too: a damaged file never raises.
    """
    with ThreadPoolExecutor(max_workers=1) as own:  # as in Signer.sign
        return own.submit(_find_fault, pdf, trusted).result()


def _find_fault(pdf: bytes, trusted: list[bytes]) -> Fault | None:
    try:
        signatures = reader.PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
    except Exception:  # noqa: BLE001 - a damaged file fails in a hundred ways
        return Fault.NOT_A_PDF if not pdf.startswith(b"%PDF-") else Fault.CHANGED
    if not signatures:
        return Fault.UNSIGNED
    try:
        embedded = signatures[0]
        signer = embedded.signer_cert
        # Whose key it is, is asked below; here the question is whether the bytes are those that were signed.
        context = validity.ValidationContext(trust_roots=[signer], allow_fetching=False)
        status = validation.validate_pdf_signature(embedded, context)
        covers = embedded.evaluate_signature_coverage()
        whole = _is_written_once(pdf, embedded)
    except Exception:  # noqa: BLE001 - as above
        return Fault.CHANGED
    if not (status.intact and status.valid and whole):
        return Fault.CHANGED
    if len(signatures) > 1 or covers is not validation.SignatureCoverageLevel.ENTIRE_FILE:
        return Fault.APPENDED
    return None if signer.dump() in trusted else Fault.STRANGER


def _is_written_once(pdf: bytes, embedded: Any) -> bool:
    """Whether the place of the signature, the only one that it cannot cover, holds nothing but it, written as we write it."""
    start, length, after, _rest = (int(number) for number in embedded.byte_range)
    kept = pdf[start + length : after]
    signature = cms.ContentInfo.load(embedded.pkcs7_content).dump(force=True).hex().upper().encode()
    return bool(kept == b"<" + signature.ljust(len(kept) - 2, b"0") + b">")
