"""Are changes to a signed certificate found? Random single bytes and random appends, asked of our own check and of poppler's pdfsig.

A change is found by the check where it says that the file does not hold. pdfsig is a second opinion: it is counted as having found a
change where it does not say both "Signature is Valid" and "Total document signed". Status 1 where ours missed any.

    python bench/signatures.py --count 1000 --json
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def change(pdf: bytes, dice: random.Random) -> bytes:
    """One byte changed in three cases of four, else up to 200 bytes appended."""
    if dice.random() < 0.25:
        return pdf + dice.randbytes(dice.randint(1, 200))
    changed = bytearray(pdf)
    changed[dice.randrange(len(pdf))] ^= dice.randrange(1, 256)
    return bytes(changed)


def pdfsig_holds(pdf: bytes, folder: Path) -> bool:
    path = folder / "file.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, errors="replace", check=False).stdout
    return "Signature is Valid." in said and "Total document signed" in said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    asked = parser.parse_args()

    from app.awards.certificates.render import render_certificates
    from app.awards.certificates.signing import Signer, find_fault, make_identity
    from bench.certificates import make_sheets

    identity = make_identity("서울핀테크랩(가상)", datetime.now(UTC))
    signer, trusted = Signer(identity), [identity.certificate]
    files = [signer.sign(pdf) for pdf in render_certificates(make_sheets(20))]
    assert all(find_fault(pdf, trusted) is None for pdf in files)
    dice = random.Random(asked.seed)
    changed = [change(dice.choice(files), dice) for _ in range(asked.count)]
    begun = time.perf_counter()
    missed = sum(find_fault(pdf, trusted) is None for pdf in changed)
    took = time.perf_counter() - begun
    second = None
    if shutil.which("pdfsig"):
        with tempfile.TemporaryDirectory() as folder:
            assert pdfsig_holds(files[0], Path(folder))
            second = asked.count - sum(pdfsig_holds(pdf, Path(folder)) for pdf in changed)
    print(
        json.dumps(
            {
                "count": asked.count,
                "found": asked.count - missed,
                "found_by_pdfsig": second,
                "ms_each": round(took / asked.count * 1000, 1),
            }
        )
    )
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
