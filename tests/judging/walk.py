"""Walking every route and every export as one person, and looking for words in all that comes back.

The routes are those of the application itself, so that a new one is walked without a word here.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

import pypdf
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import BuildError, Rule

NOT_THE_PERSONS = ("/dev/", "/static/")  # a developer's mailbox holds everybody's mails
ENDS_IT = frozenset(
    {"accounts.sign_out", "accounts.close_account", "accounts.set_language", "accounts.change_email"}
)  # the walk


@dataclass
class Walk:
    """What came back under which address."""

    pages: dict[str, str] = field(default_factory=dict)

    def differences(self, later: "Walk") -> list[str]:
        """What the same addresses say otherwise in a later walk, line by line."""
        found = []
        for address in sorted(self.pages.keys() & later.pages.keys()):
            before, after = self.pages[address].splitlines(), later.pages[address].splitlines()
            lines = [line for line in unified_diff(before, after, lineterm="", n=0) if before != after]
            found += [f"{address}: {line}" for line in lines[2:]]
        return found

    def traces(self, secrets: Iterable[str]) -> list[str]:
        """Each secret that stands anywhere, with the address where it does."""
        found = []
        for address, text in self.pages.items():
            found += [f"{address}: {secret}" for secret in secrets if secret in text]
        return found


def texts_of(content: bytes) -> Iterator[str]:
    """All that can be read in a file: as it is, and unpacked."""
    yield content.decode("utf-8", "ignore")
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name))
    elif content.startswith(b"%PDF-") and b"startxref" in content:
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield str(reader.metadata)
        yield str(reader.xmp_metadata and reader.xmp_metadata.rdf_root.toxml())
        yield from (page.extract_text() for page in reader.pages)
        for number in range(1, len(reader.xref.get(0, {})) + len(reader.xref_objStm) + 1):
            yield str(reader.get_object(number))


def _address(rule: Rule, urls: Any, ids: Mapping[str, object]) -> str | None:
    values = {}
    for name in rule.arguments:
        kind = type(rule._converters[name]).__name__
        usual = {"UUIDConverter": ids["application_id"], "IntegerConverter": 1}.get(kind, "x")
        values[name] = ids.get(name, usual)
    try:
        return urls.build(rule.endpoint, values)
    except BuildError:
        return None


def addresses(app: Flask, method: str, ids: Mapping[str, object]) -> list[tuple[str, str]]:
    """Every route's endpoint and address with the ids that are given; another UUID is the application's."""
    urls = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    found = [(rule.endpoint, _address(rule, urls, ids)) for rule in rules]
    return [(e, a) for e, a in found if a and not a.startswith(NOT_THE_PERSONS) and e not in ENDS_IT]


def _text(response: Any) -> str:
    """What came back, less what is new each time whoever asks."""
    headers = "\n".join(
        f"{name}: {unquote(value)}" for name, value in response.headers if name not in ("Set-Cookie", "Date")
    )
    body = re.sub(r'"token": ?"[^"]*"', "", "\n".join(texts_of(response.data)))
    return f"{response.status_code}\n{headers}\n{unescape(body) if response.mimetype.startswith('text/') else body}"


class Walker:
    """One person's way through all routes, each address asked for once; `before` are addresses that need no second look."""

    def __init__(self, app: Flask, browser: FlaskClient, *, before: Walk | None = None) -> None:
        self.app, self.browser, self.walk = app, browser, Walk()
        self.known = set(before.pages) if before else set()

    def get(self, address: str) -> None:
        if address not in self.walk.pages and address not in self.known:
            self.walk.pages[address] = _text(self.browser.get(address))

    def read(self, *ids: Mapping[str, object]) -> "Walker":
        """GET every route with each set of ids."""
        for some in ids:
            for _endpoint, address in addresses(self.app, "GET", some):
                self.get(address)
        return self

    def follow(self) -> "Walker":
        """GET what the pages lead to."""
        found = "\n".join(self.walk.pages.values())
        links = set(re.findall(r'(?:href|src|hx-get)="(/[^"#]*)', found))
        for link in sorted(map(unescape, links)):
            if not link.startswith(NOT_THE_PERSONS) and "/sign-out" not in link:
                self.get(link)
        return self

    def post(self, *ids: Mapping[str, object]) -> "Walker":
        """POST every route that is about a thing or gives a file, with nothing typed, and go where it leads."""
        for some in ids:
            for _endpoint, address in addresses(self.app, "POST", some):
                if f"POST {address}" in self.walk.pages:
                    continue
                if not re.search(r"[0-9a-f]{8}-|\.(zip|csv|xlsx|json|pdf)$", address):
                    continue
                response = self.browser.post(address)
                self.walk.pages[f"POST {address}"] = _text(response)
                if response.status_code == 303:
                    target = urlsplit(response.location)
                    self.walk.pages[f"after POST {address}"] = _text(self.browser.get(target.path))
        return self
