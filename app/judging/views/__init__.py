"""Views of judging."""

from flask import Blueprint

bp = Blueprint("judging", __name__)

from app.judging import mails, personal_data, trail_words  # noqa: E402, F401 - register kinds of mail and the trail's words
from app.judging.blind import bars  # noqa: E402, F401 - keeps from sponsors' people what they judge
from app.judging.conflicts import views as conflicts_views  # noqa: E402, F401 - as above
from app.judging.people import views as people_views  # noqa: E402, F401 - as above
from app.judging.views import (  # noqa: E402, F401 - they register their routes on bp, or their panels
    assignment,
    desk,
    invitation,
    offline,
    panel,
    places,
    progress,
    ranking,
    sheet,
    signing,
)
