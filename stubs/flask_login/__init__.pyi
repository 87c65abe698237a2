# What we use of Flask-Login, which ships no types.
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

_F = TypeVar("_F", bound=Callable[..., Any])

class LoginManager:
    session_protection: str | None
    def __init__(self, app: Flask | None = None) -> None: ...
    def user_loader(self, callback: _F) -> _F: ...

current_user: Any

def login_user(user: Any, remember: bool = False, force: bool = False, fresh: bool = True) -> bool: ...
def logout_user() -> bool: ...
