"""The files of a bundle, and the ZIP of them: the same bytes for the same result set."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from app.awards.bundle import verify
from app.core.canonical import canonical_json

HERE = Path(__file__).parent


def bundle_files(content: Mapping[str, Any], rules: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, bytes]:
    """Name -> bytes, the manifest first. `content` is a result set's, as it was frozen."""
    documents = {"rules.json": rules, "results.json": content, "head.json": head}
    made = {name: canonical_json(document).encode() for name, document in documents.items()}
    made |= {name: verify.csv_bytes(rows) for name, rows in verify.tables(dict(content)).items()}
    made |= {name: (HERE / name).read_bytes() for name in ("README.md", "verify.py")}
    files = {name: made[name] for name in verify.FILES}
    return {verify.MANIFEST: verify.manifest(files), **files}


def zip_files(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """Stored, not deflated: how a compressor spells its output differs from machine to machine."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, data)
    return out.getvalue()
