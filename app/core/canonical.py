"""JSON in one spelling, so that equal content has an equal hash (in the spirit of RFC 8785; numbers are integers or strings)."""

import enum
import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
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


class Written(dict[str, Any]):
    """A JSON object with its canonical text: spelled out once, for its hash and for the database, however large it is."""

    def __init__(self, content: Mapping[str, Any], *, spelled: Mapping[str, str] | None = None) -> None:
        """`spelled` are the texts of the values that are known already. Raises TypeError like canonical_json."""
        super().__init__(content)
        known = spelled or {}
        self._spelled = {key: known[key] if key in known else canonical_json(value) for key, value in content.items()}

    def joined_by(self, more: Mapping[str, Any]) -> "Written":
        """Both as one object; only `more` is spelled out."""
        kept = {key: text for key, text in self._spelled.items() if key not in more}
        return Written({**self, **more}, spelled=kept)

    @cached_property
    def text(self) -> str:
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{self._spelled[k]}" for k in sorted(self)) + "}"

    @cached_property
    def sha256(self) -> str:
        """What canonical_sha256 says of it."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def write_json(value: Any) -> str:
    """How the database's JSON is spelled."""
    return value.text if isinstance(value, Written) else json.dumps(value)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form; use a decimal")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
