"""What services raise when a person has to be told why something did not happen."""


class RuleBroken(Exception):  # noqa: N818 - it is a refusal, not a fault
    """A rule refuses the act; `sentence` is for the person, `field` names the input to mend, if one is."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class StaleEdit(Exception):  # noqa: N818 - it is a refusal, not a fault
    """Somebody saved a newer version since the person's page was loaded; nothing was stored.

    `current` is the version that stands in the database.
    """

    def __init__(self, current: int) -> None:
        super().__init__(f"version {current} is newer")
        self.current = current
