import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask_babel import force_locale

from app.core.bilingual import Bilingual
from app.web import filters
from tests.factories import seoul

CLOSE = seoul("2022-09-23T17:00")


@pytest.mark.parametrize(
    ("language", "filter_", "arguments", "text"),
    [
        ("ko", filters.when, [CLOSE], "2022. 9. 23.(금) 17:00"),
        ("en", filters.when, [CLOSE], "Fri, 23 Sep 2022, 17:00"),
        ("ko", filters.when, [CLOSE, "Europe/Berlin"], "2022. 9. 23.(금) 10:00"),
        ("ko", filters.when_short, [CLOSE], "9. 23.(금) 17:00"),
        ("ko", filters.day, [date(2022, 9, 23)], "2022. 9. 23.(금)"),
        ("ko", filters.day, [datetime(2022, 9, 22, 15, tzinfo=UTC)], "2022. 9. 23.(금)"),
        ("ko", filters.span, [seoul("2022-10-17T00:00"), seoul("2022-10-27T00:00")], "10. 17.(월) ~ 10. 27.(목)"),
        ("ko", filters.clock_time, [CLOSE], "17:00:00"),
        ("ko", filters.won, [30_000_000], "30,000,000원"),
        ("en", filters.won, [30_000_000], "KRW 30,000,000"),
        ("ko", filters.won_short, [30_000_000], "3,000만 원"),
        ("ko", filters.won_short, [120_000_000], "1억 2,000만 원"),
        ("ko", filters.won_short, [200_000_000], "2억 원"),
        ("ko", filters.won_short, [12_345], "12,345원"),
        ("ko", filters.won_short, [0], "0원"),
        ("en", filters.won_short, [30_000_000], "KRW 30 million"),
        ("en", filters.won_short, [7_500_000], "KRW 7.5 million"),
        ("ko", filters.score, [Decimal("83.665")], "83.67"),
        ("ko", filters.score, [None], "–"),
        ("ko", filters.points, [Decimal("30.00")], "30"),
        ("ko", filters.points, [Decimal("4.50")], "4.5"),
        ("ko", filters.filesize, [19_293_798], "18.4MB"),
        ("ko", filters.filesize, [1], "1KB"),
        ("ko", filters.local, [Bilingual("과제", "Theme")], "과제"),
        ("en", filters.local, [Bilingual("과제", "")], "과제"),
    ],
)
def test_written_as_people_write(app, language, filter_, arguments, text):
    with app.test_request_context(), force_locale(language):
        assert filter_(*arguments) == text


@pytest.mark.parametrize(
    ("left", "ko", "en"),
    [
        (timedelta(days=3, hours=2, minutes=48), "3일 2시간", "3 days 2 hours"),
        (timedelta(days=1, hours=1), "1일 1시간", "1 day 1 hour"),
        (timedelta(hours=2, minutes=20), "2시간 20분", "2 hours 20 minutes"),
        (timedelta(minutes=19, seconds=59), "19분", "19 minutes"),
        (timedelta(seconds=59), "1분 미만", "less than a minute"),
        (timedelta(0), "마감", "closed"),
        (timedelta(seconds=-1), "마감", "closed"),
    ],
)
def test_time_left_is_said_in_two_units(app, left, ko, en):
    for language, text in (("ko", ko), ("en", en)):
        with app.test_request_context(), force_locale(language):
            assert filters.left(CLOSE, CLOSE - left) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "1분 남음"), (1, "1분 미만 남음"), (0.4, "지금"), (-0.9, "지금"), (-1, "마감")]
)
def test_the_very_second_of_a_deadline_is_said_to_be_now(app, seconds, text):
    at = seoul("2022-09-23T17:00")
    with app.test_request_context(), force_locale("ko"):
        html = app.jinja_env.get_template("_macros/time.html").module.time_left(at, at - timedelta(seconds=seconds))
    assert re.sub("<[^>]*>", "", html).strip() == text


def test_markdown_keeps_no_script_and_no_image():
    html = filters.markdown(
        "**굵게** <script>alert(1)</script> ![x](http://e/x.png) [a](javascript:alert(1)) [b](https://example.org)"
    )
    assert "<strong>굵게</strong>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://example.org"' in html
