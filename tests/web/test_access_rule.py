import pytest
from flask import Flask

from app.web.access import RouteWithoutRule, access, anyone, check_every_route


def test_a_route_without_a_rule_stops_the_application():
    app = Flask(__name__)
    app.add_url_rule("/open", "open", access(anyone)(lambda: "open"))
    check_every_route(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "oops")
    with pytest.raises(RouteWithoutRule, match="forgotten"):
        check_every_route(app)
