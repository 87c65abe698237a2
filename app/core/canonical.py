"""JSON in one spelling, so that equal content has an equal hash (in the spirit of RFC 8785; numbers are integers or strings)."""

import enum
import hashlib
import json
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(value: Any) -> str:
    """`value` as JSON with sorted keys and no blanks. Raises TypeError for what has no canonical form, floats included."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def plain(value: dict[str, Any]) -> dict[str, Any]:
    """`value` as JSON gives it back: decimals, moments, ids and enums as their text. Raises TypeError like canonical_json."""
    read_back: dict[str, Any] = json.loads(canonical_json(value))
    return read_back


def canonical_sha256(value: Any) -> str:
    """The SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form; use a decimal")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
