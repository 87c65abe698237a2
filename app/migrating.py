"""Migrations: Alembic is loaded by whoever migrates, and by no server."""

from typing import TYPE_CHECKING, Any

from flask import Flask

from app.core.database import db
from app.core.lazy import LateGroup, Lazily
from config import ROOT

if TYPE_CHECKING:
    import flask_migrate
else:
    flask_migrate = Lazily("flask_migrate")


class _Later:
    """Stands where Flask-Migrate looks for itself in an application, and gives way to it when it does."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        flask_migrate.Migrate(self._app, db, directory=str(ROOT / "migrations"), compare_type=True)
        return getattr(self._app.extensions["migrate"], name)


def init_migrations(app: Flask) -> None:
    app.extensions["migrate"] = _Later(app)
    app.cli.add_command(LateGroup("db", "flask_migrate.cli:db", help="Migrate the database."))
