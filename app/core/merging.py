"""Two people write over the same state: what merges by itself, and what somebody has to decide.

A page carries the fingerprint of each value that it was made from. Where it is sent back, a field that the person left alone
never overwrites, a field that nobody else touched is taken, and only a field that both changed is a conflict. No earlier
state has to be kept for that.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.canonical import canonical_json

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Conflict:
    """One field that both changed, and differently."""

    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """What a save does: `changes` are to be stored, `unseen` came in meanwhile and stays, `conflicts` wait for a decision."""

    changes: dict[str, Any] = field(default_factory=dict)
    unseen: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)


def normal(value: Any) -> Any:
    """`value` as it is compared: one kind of line end, no blanks around, and one way to be empty."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if value is None or value in ([], {}) else value


def fingerprint(value: Any) -> str:
    """The short hash under which a page remembers a value; equal for values that differ only in how they are empty or end."""
    return hashlib.sha256(canonical_json(normal(value)).encode()).hexdigest()[:16]


def fingerprints(values: Values) -> dict[str, str]:
    return {name: fingerprint(value) for name, value in values.items()}


def write_bases(bases: Mapping[str, str]) -> str:
    """The fingerprints as the text of a hidden field."""
    return canonical_json(dict(bases))


def read_bases(text: str | None) -> dict[str, str]:
    """The fingerprints that a page sent back; nothing where it sent nonsense, which makes every difference a conflict."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def merge(bases: Mapping[str, str], standing: Values, mine: Values) -> Merge:
    """Put `mine`, written over values of the fingerprints `bases`, together with what is `standing` by now.

    A field without a base is taken only where nothing stands.
    """
    result = Merge()
    for name, value in mine.items():
        now = standing.get(name)
        if normal(value) == normal(now):
            continue
        base = bases.get(name, fingerprint(None))
        if fingerprint(value) == base:
            result.unseen[name] = now
        elif fingerprint(now) == base:
            result.changes[name] = value
        else:
            result.conflicts[name] = Conflict(value, now)
    return result


def bases_after(bases: Mapping[str, str], standing: Values, mine: Values) -> dict[str, str]:
    """The fingerprints that the page of `mine` goes on with once it was merged: what it holds, where that stands; else as before."""
    return {
        name: fingerprint(value) if normal(value) == normal(standing.get(name)) else bases.get(name, fingerprint(None))
        for name, value in mine.items()
    }
