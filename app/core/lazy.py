"""Heavy modules that few requests need are loaded when something of theirs is first used: a server starts sooner and stays smaller."""

from importlib import import_module
from typing import Any


class Lazily:
    """Stands for the module `name`; import_module holds a lock, so that two threads load it once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
