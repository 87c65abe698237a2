"""Who gets which answer from judging's routes."""

from tests.access import Row

ACCESS: dict[str, Row] = {}
