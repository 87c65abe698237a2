"""Limits that several servers share, on a real Redis."""

import os
import secrets
import socket
from urllib.parse import urlsplit

import pytest

from app import create_app
from app.web.limits import limiter
from config import Config

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def redis_answers() -> bool:
    parts = urlsplit(REDIS)
    try:
        socket.create_connection((parts.hostname, parts.port or 6379), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.fixture
def _limiter_as_it_was():
    before = dict(vars(limiter))
    yield
    vars(limiter).clear()
    vars(limiter).update(before)


@pytest.mark.skipif(not redis_answers(), reason=f"no Redis answers at {REDIS}")
@pytest.mark.usefixtures("_limiter_as_it_was")
def test_two_servers_count_together(app):
    """The third try within a minute is refused, though each server saw at most two."""
    config = Config()
    config.RATELIMIT_STORAGE_URI, config.RATELIMIT_ENABLED = REDIS, True
    config.RATELIMIT_KEY_PREFIX = secrets.token_hex(4)
    config.SQLALCHEMY_DATABASE_URI = app.config["SQLALCHEMY_DATABASE_URI"]
    browsers = []
    for _ in range(2):
        server = create_app(config)
        server.view_functions["mail.show_mailbox"] = limiter.limit("2 per minute")(lambda: "a page")
        browsers.append(server.test_client())
    turns = (browsers[0], browsers[1], browsers[0], browsers[1])
    codes = [browser.get("/dev/mailbox", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code for browser in turns]
    assert codes == [200, 200, 429, 429]
