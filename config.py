"""Settings, all from the environment; with none set, everything lives in one folder on one machine."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def data_folder() -> Path:
    """The one folder that holds all that Madang writes: database, files, keys."""
    return Path(os.environ.get("MADANG_DATA") or ROOT / "var").resolve()


def secret_key(folder: Path) -> str:
    """The key that signs sessions: SECRET_KEY, or one made on first use and kept in the data folder."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    path = folder / "keys" / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # whoever links first wins, so that two processes share one key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def database_url(folder: Path) -> str:
    """DATABASE_URL with the driver that we ship, or the SQLite file in the data folder."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return f"sqlite:///{folder / 'madang.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


class Config:
    """What the application reads; made anew for each application, so that tests can change the environment."""

    def __init__(self) -> None:
        folder = data_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.DATA_FOLDER = folder
        self.SECRET_KEY = secret_key(folder)
        self.SQLALCHEMY_DATABASE_URI = database_url(folder)
        # Of all the threads of a process so many are at work with the database at a time; the others wait their turn here, or
        # for slow networks, which costs nobody anything.
        self.SQLALCHEMY_ENGINE_OPTIONS: dict[str, object] = {"pool_size": 4, "max_overflow": 0, "pool_timeout": 60}
        self.BROKER_URL = os.environ.get("BROKER_URL", "")
        self.BROKER_QUEUE = os.environ.get("BROKER_QUEUE", "madang")
        self.RATELIMIT_STORAGE_URI = os.environ.get("REDIS_URL") or f"shared-file://{folder / 'limits.db'}"
        self.RATELIMIT_ENABLED = os.environ.get("MADANG_RATE_LIMITS", "on") != "off"
        self.BASE_URL = os.environ.get("MADANG_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        self.DEVELOPMENT = os.environ.get("MADANG_DEVELOPMENT", "") == "1"
        self.SMTP_URL = os.environ.get("SMTP_URL", "")  # smtp://user:password@host:port or smtps://…
        self.MAIL_FROM = os.environ.get("MAIL_FROM", "Madang <no-reply@localhost>")
        self.TIMESTAMP_URL = os.environ.get("MADANG_TIMESTAMP_URL", "")  # an RFC 3161 server, for signed certificates
        self.MAX_CONTENT_LENGTH = int(os.environ.get("MADANG_MAX_UPLOAD_MB", "64")) * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
        self.SESSION_COOKIE_NAME = "madang"
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_SECURE = self.BASE_URL.startswith("https://")
        self.REMEMBER_COOKIE_DURATION = 0
        self.WTF_CSRF_TIME_LIMIT = None  # as long as the session: nobody loses a text to a clock
        self.BABEL_DEFAULT_LOCALE = "ko"
        self.BABEL_DEFAULT_TIMEZONE = "Asia/Seoul"
        self.PROXIES_IN_FRONT = int(os.environ.get("MADANG_PROXIES", "0"))
