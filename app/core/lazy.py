"""Heavy modules that few requests need are loaded when something of theirs is first used: a server starts sooner and stays smaller."""

from importlib import import_module
from typing import Any

import click


class Lazily:
    """Stands for the module `name`; import_module holds a lock, so that two threads load it once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


class LateGroup(click.Group):
    """Commands whose module is loaded when somebody looks at them; `whole` names the group there, as "package.module:group"."""

    def __init__(self, name: str, whole: str, *, help: str) -> None:  # noqa: A002 - click's own word
        super().__init__(name, help=help)
        self._whole = whole

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        module, _, name = self._whole.partition(":")
        group: click.Group = getattr(import_module(module), name)
        return group
