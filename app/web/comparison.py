"""Two texts as one that shows what went and what came: for readers by marks, for those who listen by words."""

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.comparing import compare

_HEARD = Markup('<span class="visually-hidden"> [{}] </span>')


def compared(before: str, after: str) -> Markup:
    """`after` with what differs from `before`, as <del> and <ins>; each says aloud what it is."""
    tags = {"gone": ("del", _("deleted:")), "new": ("ins", _("added:"))}
    end = _HEARD.format(_("end"))
    parts = []
    for piece in compare(before, after):
        if piece.change == "same":
            parts.append(escape(piece.text))
            continue
        tag, word = tags[piece.change]
        parts.append(Markup("<{0}>{1}{2}{3}</{0}>").format(Markup(tag), _HEARD.format(word), piece.text, end))  # noqa: S704 - one of two words of ours
    return Markup("").join(parts)
