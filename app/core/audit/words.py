"""What the trail's events are called, in words. Each feature says it for its own actions, in `app/<feature>/trail_words.py`."""

from collections.abc import Callable, Mapping

_WORDS: dict[str, Callable[[], str]] = {}


def tell_actions(words: Mapping[str, Callable[[], str]]) -> None:
    """Say what actions ("judging.sign_sheet") are called; the words are asked for in the language of the page."""
    _WORDS.update(words)


def action_words(action: str) -> str:
    """The action in words; the bare name where no feature has said any."""
    if action in _WORDS:
        return _WORDS[action]()
    return action.rpartition(".")[2].replace("_", " ")


def told_actions() -> frozenset[str]:
    """The actions that have words."""
    return frozenset(_WORDS)
