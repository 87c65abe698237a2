"""What the making of a sample is called in its challenge's trail."""

from flask_babel import gettext as _

from app.core.audit.words import tell_actions

tell_actions({"sample.generate_sample": lambda: _("Generated sample data")})
