"""Signatures on certificates, looked at as an attacker would: one byte changed, something appended, another's key."""

import random
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from app.awards.certificates.render import render_certificate
from app.awards.certificates.signing import (
    Fault,
    Identity,
    KeyRefused,
    Signer,
    find_fault,
    make_identity,
    open_identity,
    seal_identity,
)
from tests.awards.certificates import make_sheet

NOW = datetime.now(UTC)  # signatures carry the time of the machine


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("서울핀테크랩(가상)", NOW)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return render_certificate(make_sheet())


@pytest.fixture(scope="module")
def signed(identity, unsigned) -> bytes:
    return Signer(identity).sign(unsigned)


def test_a_signed_file_is_whole_and_the_page_is_untouched(identity, unsigned, signed):
    assert find_fault(signed, [identity.certificate]) is None
    assert signed.startswith(unsigned)  # signed by appending: what was drawn is as it was drawn
    assert len(signed) - len(unsigned) < 8_000


def test_what_is_not_signed_or_by_nobody_we_know_is_told(identity, unsigned, signed):
    stranger = make_identity("서울핀테크랩(가상)", NOW)
    assert find_fault(unsigned, [identity.certificate]) is Fault.UNSIGNED
    assert find_fault(signed, [stranger.certificate]) is Fault.STRANGER
    assert find_fault(signed, []) is Fault.STRANGER
    assert find_fault(b"a letter", []) is Fault.NOT_A_PDF
    assert find_fault(b"", []) is Fault.NOT_A_PDF


@pytest.mark.parametrize("more", [b"\n", b" ", b"%%EOF\n", b"x" * 1000])
def test_appended_bytes_are_found(identity, signed, more):
    assert find_fault(signed + more, [identity.certificate]) in (Fault.APPENDED, Fault.CHANGED)


def test_a_second_signature_over_the_first_is_found(identity, signed):
    with pytest.raises(Exception, match=r"(?i)sign|modif|certif"):
        Signer(make_identity("다른 곳", NOW)).sign(signed)  # the first allows nothing after it


def test_every_changed_byte_is_found(identity, signed):
    """Bytes of every part of the file, the place of the signature itself included, which no signature can cover."""
    dice, missed = random.Random(2022), []  # noqa: S311 - chance, not secrecy
    start = signed.index(b"/Contents <") + 10
    places = [dice.randrange(len(signed)) for _ in range(60)] + [dice.randrange(start, start + 3074) for _ in range(60)]
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= dice.randrange(1, 256)
        if find_fault(bytes(changed), [identity.certificate]) is None:
            missed.append(place)
    assert missed == []


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="needs poppler-utils")
def test_a_second_opinion_agrees(tmp_path, signed):
    (tmp_path / "signed.pdf").write_bytes(signed)
    said = subprocess.run(["pdfsig", tmp_path / "signed.pdf"], check=True, capture_output=True, text=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_an_identity_is_kept_under_its_password(identity):
    sealed = seal_identity(identity, b"a password")
    assert open_identity(sealed, b"a password") == identity
    assert identity.key not in sealed
    for password in (b"another", b"", None):
        with pytest.raises(KeyRefused):
            open_identity(sealed, password)


def test_only_keys_on_the_curve_are_taken():
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())):
        sealed = pkcs12.serialize_key_and_certificates(
            b"x", key, None, None, serialization.BestAvailableEncryption(b"p")
        )
        with pytest.raises(KeyRefused, match="P-256"):
            open_identity(sealed, b"p")
    with pytest.raises(KeyRefused):
        open_identity(b"no such thing", b"p")
