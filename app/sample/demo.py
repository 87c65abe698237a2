"""The demo accounts of a server that loaded the samples, and loading them the first time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoAccount:
    role: str
    email: str
    name: str


def demo_accounts() -> tuple[list[DemoAccount], str]:
    """The accounts of the samples that are loaded, in the order of the life of a challenge, and the password of all."""
    return [], ""


def load_first_samples() -> None:
    """One open call and one with published results, so that every page has something to show."""
