"""Views of awards."""

from flask import Blueprint

bp = Blueprint("awards", __name__)

from app.awards import jobs, mails, panels, personal_data, trail_words  # noqa: E402, F401 - register what they add to earlier pages
from app.awards.appeals import views as _appeals  # noqa: E402, F401 - after decision, which it stands on
from app.awards.views import certificates, decision, results, verify  # noqa: E402, F401 - they register their routes on bp
