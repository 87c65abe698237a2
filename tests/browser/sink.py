"""Pages that only tests have: one with every macro on it, and the answers that its forms get."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Flask, Response, flash, redirect, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.challenges.states import ChallengeState
from app.core.bilingual import Bilingual
from app.core.errors import RuleBroken, StaleEdit
from app.web.clock import now
from app.web.forms import BaseForm
from app.web.pagination import Page


class SinkForm(BaseForm):
    name = StringField("이름", [DataRequired("이름을 적어 주십시오.")], description="등기부에 적힌 이름입니다.")
    summary = TextAreaField("제안 요약", [Length(max=20, message="20자까지 적을 수 있습니다.")])
    places = IntegerField("자리", [Optional()])
    theme = SelectField("과제", choices=[SelectChoice("T1", "대안신용평가"), SelectChoice("T2", "이상거래탐지")])
    kind = RadioField("형태", choices=[SelectChoice("a", "법인"), SelectChoice("b", "개인사업자")], default="a")
    tags = SelectMultipleField(
        "분야",
        choices=[SelectChoice("x", "핀테크"), SelectChoice("y", "인공지능")],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    agree = BooleanField("동의합니다", description="거부해도 신청할 수 있습니다.")
    day = DateField("설립일", [Optional()])
    title_ko = StringField("제목(한국어)")
    title_en = StringField("제목(영어)")
    file = FileField("첨부")


def challenge(state: ChallengeState = ChallengeState.JUDGING) -> Any:
    return SimpleNamespace(
        id=UUID(int=7), state=state, published_at=now(), title=Bilingual("2022 서울 핀테크 챌린지", "2022 Seoul Fintech Challenge"),
        host=SimpleNamespace(name=Bilingual("서울핀테크랩", "Seoul Fintech Lab")),
    )  # fmt: skip


def show() -> str | Response:
    form = SinkForm()
    answer = request.form.get("answer", "")
    if request.method == "POST" and form.validate() and answer == "ok":
        flash("저장했습니다.", "success")
        return redirect("/sink/done", code=303)  # type: ignore[return-value]
    if answer == "refused":
        raise RuleBroken("모집은 9. 23.(금) 17:00에 마감되었습니다.")
    if answer == "stale":
        raise StaleEdit(3)
    if answer == "broken":
        raise ValueError("broken on purpose")
    days = [
        (date(2022, 9, 5) + timedelta(days=i), count)
        for i, count in enumerate((2, 1, 3, 2, 4, 1, 1, 3, 4, 2, 5, 3, 2, 2, 6, 7, 9, 14, 23))
    ]
    return render_template(
        "sink.html", form=form, challenge=challenge(), now=now(), days=days, page=Page(2, 740),
        deadline=now() + timedelta(minutes=90), soon=now() + timedelta(seconds=2),
    )  # fmt: skip


SAVES: list[str] = []  # what autosave was sent; a text "fail" or "stale" among it is answered so


def autosave() -> Response | tuple[str, int]:
    text = request.form.get("summary", "")
    SAVES.append(text)
    if text.startswith("fail"):
        return "", 500
    if text.startswith("stale"):
        return '<span class="save-state" id="saved" role="status">다른 사람이 먼저 저장했습니다.</span>', 409
    if text.startswith("gone"):
        return "", 401
    return Response(render_template("sink_saved.html", now=now()))


def upload() -> str | Response:
    file = request.files["file"]
    error = "" if file.filename.endswith(".pdf") else f"{file.filename}: PDF만 올릴 수 있습니다."
    return render_template("sink_docs.html", current=None if error else (file.filename, "/sink"), error=error)


def add_sink(app: Flask) -> None:
    """Called before the first request; the application's own check of access rules has been."""
    folder = Path(__file__).parent / "templates"
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder), app.jinja_loader])  # type: ignore[list-item]
    app.add_url_rule("/sink", "sink", show, methods=["GET", "POST"])
    app.add_url_rule("/sink/autosave", "sink_autosave", autosave, methods=["POST"])
    app.add_url_rule("/sink/upload", "sink_upload", upload, methods=["POST"])
    app.add_url_rule("/sink/docs", "sink_docs", lambda: render_template("sink_docs.html", current=None, error=""))
    app.add_url_rule("/sink/done", "sink_done", lambda: render_template("sink_done.html"))
