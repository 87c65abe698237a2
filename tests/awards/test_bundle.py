"""The bundle: what is in it, that its own program computes everything again, and that no change goes unnoticed."""

import ast
import io
import json
import random
import re
import sys
import zipfile
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.awards import services
from app.awards.bundle import verify
from app.awards.cli import results_cli
from app.awards.models import ResultSet
from app.awards.queries import get_board
from app.awards.standing import DecisionInput
from app.awards.states import Outcome
from app.challenges.content import call_content
from app.challenges.models import RulesVersion
from app.core.audit import trail
from app.core.canonical import canonical_sha256
from app.core.database import db
from app.core.errors import RuleBroken
from app.judging import official
from app.judging.models import Bonus, ChairDecision, ScoreSheet
from tests.awards.bundles import forged, one_change, read_table, run, unpack, verdict
from tests.awards.scenes import NOW, judged_challenge, proposed, published_challenge

D = Decimal


def with_rules(scene):
    """The frozen rules say what the challenge says."""
    version = db.session.scalar(sa.select(RulesVersion).where(RulesVersion.challenge_id == scene.challenge.id))
    version.content = call_content(scene.challenge)
    version.sha256 = canonical_sha256(version.content)
    db.session.commit()
    return scene


def publish(scene):
    with_rules(scene)
    services.confirm_decision(scene.challenge, actor=scene.organizer, now=NOW)
    services.publish_results(scene.challenge, actor=scene.organizer, now=NOW)
    db.session.commit()
    trail.seal()
    db.session.commit()
    return db.session.scalar(sa.select(ResultSet).where(ResultSet.challenge_id == scene.challenge.id))


def rich(**values):
    """Uneven sheets, a bonus over the cap, a tie that the chair parts and one that a criterion parts, one below the mark."""
    scene = judged_challenge(totals={"A": 90, "B": 90, "C": 75, "D": 69, "E": 85, "F": 79}, **values)
    draw = random.Random(5)  # noqa: S311 - the same changes each time
    for sheet in db.session.scalars(sa.select(ScoreSheet)):
        letter = next(k for k, a in scene.applications.items() if a.id == sheet.application_id)
        if letter in "CEF":
            sheet.scores = {code: str(D(text) - D(draw.randrange(100)) / 100) for code, text in sheet.scores.items()}
            sheet.total = sum(D(text) for text in sheet.scores.values())
    round_ = scene.challenge.rounds[-1]
    round_.bonus_cap = D(5)
    for points in (3, 4):
        db.session.add(
            Bonus(round_id=round_.id, application_id=scene.id("E"), points=D(points), evidence="특허", given_at=NOW)
        )
    order = [str(scene.id("B")), str(scene.id("A"))]
    db.session.add(ChairDecision(round_id=round_.id, order=order, reason="현장성", recorded_at=NOW))
    db.session.flush()
    proposed(scene)
    return scene


def read_zip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def scene():
    return rich()


@pytest.fixture
def result_set(scene):
    return publish(scene)


@pytest.fixture
def files(result_set):
    return read_zip(services.make_bundle(result_set))


def test_the_bundle_checks_itself_with_python_alone(files, result_set, tmp_path):
    result = run(unpack(files, tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert "OK: result set 1 of" in result.stdout
    assert "6 entries, 30 sheets, 5 ranked, 4 selected" in result.stdout
    assert result_set.sha256 in result.stdout
    assert verify.sha256(files["results.json"]) == result_set.sha256


def test_the_same_set_gives_the_same_bytes_whatever_happened_since(result_set, scene):
    first = services.make_bundle(result_set)
    scene.applications["A"].startup.name = type(scene.applications["A"].startup.name)("새이름", "New name")
    trail.record("awards.something", subject=result_set, actor=None, now=NOW)
    trail.seal()
    db.session.commit()
    db.session.expire_all()
    assert services.make_bundle(result_set) == first


def test_the_chair_and_the_cap_are_part_of_it(files, scene):
    rows = {row["receipt_number"]: row for row in read_table(files["entries.csv"])}
    by_letter = {letter: rows[a.receipt_number] for letter, a in scene.applications.items() if letter != "X"}
    assert [by_letter[letter]["theme_rank"] for letter in "BAC"] == ["1", "2", "3"]
    assert by_letter["B"]["tied"] == "with 1, settled"
    assert (by_letter["E"]["bonus_points"], D(by_letter["E"]["bonus"])) == ("3.00 4.00", 5)
    assert (by_letter["D"]["passes"], by_letter["D"]["rank"]) == ("no", "")
    assert len(read_table(files["sheets.csv"])) == 30
    decisions = {row["receipt_number"]: row["outcome"] for row in read_table(files["decisions.csv"])}
    assert decisions[scene.applications["D"].receipt_number] == "not_selected"


def test_nobody_is_named_but_winners(files, scene):
    text = b"".join(files.values()).decode()
    for judge in scene.judges:
        assert not any(word in text for word in (judge.name, judge.email, str(judge.id), str(judge.user_id)))
    for user in [scene.organizer, *scene.applicants.values()]:
        assert user.email not in text
        assert user.name not in text
    assert [letter for letter in "ABCDEFX" if f"{letter}기업" in text] == ["A", "B", "E", "F"]
    assert not any(word in text for word in ("현장성", "특허", "총평", "메모"))


def test_letters_follow_no_judge(scene):
    """Five judges over six entries: letters that were the same for all would stand in one order only."""
    for place, sheet in enumerate(db.session.scalars(sa.select(ScoreSheet)).all()):
        judge = [j.id for j in scene.judges].index(sheet.judge_id)
        base = 10 + place // 5
        sheet.scores = {
            "fit": f"{base}.{judge}0",
            "technology": "20",
            "feasibility": "18",
            "business": "14",
            "team": "9",
        }
        sheet.total = sum(D(text) for text in sheet.scores.values())
    db.session.commit()
    content = services.preview_content(scene.challenge, get_board(scene.challenge), actor=scene.organizer, now=NOW)
    orders = {tuple(sheet["scores"]["fit"][-2] for sheet in entry["sheets"]) for entry in content["entries"]}
    assert len(orders) > 1
    assert all(sorted(order) == list("01234") for order in orders)
    assert all([sheet["judge"] for sheet in entry["sheets"]] == list("ABCDE") for entry in content["entries"])


def test_three_hundred_single_changes_are_found_and_placed(files):
    draw = random.Random(2022)  # noqa: S311 - the same changes each time
    assert verdict(files) is None
    for i in range(300):
        kind, name, changed = one_change(files, draw)
        found = verdict(changed)
        assert found, (i, kind, name)
        assert found.startswith(name), (i, kind, name, found)
        assert kind == "file" or "row " in found, (i, kind, name, found)
        if name.endswith(".csv") and kind not in ("file", "byte"):
            row, column = first_difference(verify.csv_rows(files[name]), verify.csv_rows(changed[name]))
            assert found.startswith(f"{name}, row {row}, column {column}:"), (i, kind, found)


def first_difference(before, after):
    """Row and column of the first cell that is another one; the last cell where rows are missing at the end."""
    for i, (old, new) in enumerate(zip(before, after, strict=False)):
        for j, (was, now) in enumerate(zip(old, new, strict=True)):
            if was != now:
                return i + 1, after[0][j]
    return (len(after), after[0][-1]) if len(after) < len(before) else (len(after), after[0][0])


def test_a_forged_manifest_does_not_help(files):
    """Values, rows and rules changed under a manifest made anew: the sheets, the tables and the trail still say otherwise."""
    draw = random.Random(7)  # noqa: S311 - the same changes each time
    done = 0
    while done < 150:
        kind, name, changed = one_change(files, draw)
        if kind in ("file", "byte") or name in (verify.MANIFEST, "head.json"):
            continue
        try:
            changed = forged(changed)
        except (ValueError, UnicodeDecodeError):
            continue
        done += 1
        found = verdict(changed)
        assert found, (kind, name)
        assert found.startswith(
            (
                "results.json, row ",
                "rules.json, row ",
                "head.json, row ",
                "sheets.csv, row ",
                "entries.csv, row ",
                "decisions.csv, row ",
            )
        )


def test_scores_changed_everywhere_alike_do_not_give_the_published_ranks(files):
    """Whoever raises one score in JSON and tables, with a new manifest, has to explain mean, rank and the trail's hash."""
    results = json.loads(files["results.json"])
    sheet = results["entries"][0]["sheets"][0]
    sheet["scores"]["fit"], sheet["total"] = "1.00", str(D(sheet["total"]) - D(sheet["scores"]["fit"]) + 1)
    remade = files | {"results.json": verify.canonical(results)}
    remade |= {name: verify.csv_bytes(rows) for name, rows in verify.tables(results).items()}
    found = verdict(forged(remade))
    assert "the rule gives" in found
    for i, entry in enumerate(results["entries"]):
        right = verify.recompute(results["round"], results["entries"], results["chair_orders"])[entry["application_id"]]
        results["entries"][i] |= {
            k: str(D(v.numerator) / v.denominator) if isinstance(v, verify.Fraction) else v for k, v in right.items()
        }
    remade = files | {"results.json": verify.canonical(results)}
    remade |= {name: verify.csv_bytes(rows) for name, rows in verify.tables(results).items()}
    assert verdict(forged(remade)).startswith("head.json, row /, column sha256")


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe", b"[]", b"[" * 100_000, b"null", b'{"files":{}}', b'"\x00'])
@pytest.mark.parametrize("name", [verify.MANIFEST, "results.json", "sheets.csv"])
def test_garbage_gets_a_sentence(files, tmp_path, name, garbage, capsys):
    assert verify.main([str(unpack(files | {name: garbage}, tmp_path))]) == 1
    assert capsys.readouterr().out.startswith(f"BROKEN: {name}, row ")


def test_a_broken_bundle_ends_with_status_one_and_no_traceback(files, tmp_path):
    rows = verify.csv_rows(files["entries.csv"])
    rows[2][rows[0].index("final")] = "99.99"
    result = run(unpack(files | {"entries.csv": verify.csv_bytes(rows)}, tmp_path))
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("BROKEN: entries.csv, row 3, column final: '99.99' is not what was published")
    (tmp_path / "rules.json").unlink()
    assert run(tmp_path).stdout == "BROKEN: rules.json: this file is missing\n"


def test_a_zip_is_read_as_it_is_and_holds_nothing_more(result_set, tmp_path, capsys):
    path = tmp_path / "results.zip"
    path.write_bytes(services.make_bundle(result_set))
    assert verify.main([str(path)]) == 0
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.txt", "x")
    assert verify.main([str(path)]) == 1
    assert "BROKEN: more.txt" in capsys.readouterr().out
    path.write_bytes(b"PK")
    assert verify.main([str(path)]) == 1
    assert verify.main([str(tmp_path / "nowhere")]) == 1


def test_the_program_needs_only_the_standard_library(files):
    imported = set(re.findall(r"^ *(?:import|from) (\w+)", files["verify.py"].decode(), re.MULTILINE))
    assert imported <= sys.stdlib_module_names
    ast.parse(files["verify.py"], feature_version=(3, 9))


def test_a_correction_has_its_own_bundle_and_keeps_the_letters(scene, result_set):
    changes = {
        scene.id("A"): DecisionInput(Outcome.NOT_SELECTED, reason="포기"),
        scene.id("C"): DecisionInput(Outcome.SELECTED, reason="예비 1번"),
    }
    first = services.make_bundle(result_set)
    second = services.correct_results(
        scene.challenge, changes, "포기하여 바로잡습니다.", actor=scene.organizer, now=NOW
    )
    db.session.commit()
    with pytest.raises(RuleBroken, match="봉인되지"):
        services.make_bundle(second)
    trail.seal()
    db.session.commit()
    files = read_zip(services.make_bundle(second))
    assert verdict(files) is None
    assert files["sheets.csv"] == read_zip(first)["sheets.csv"]
    assert "A기업" not in files["results.json"].decode()
    assert services.make_bundle(result_set) == first


def test_what_cannot_be_bundled_is_refused_with_its_reason(scene, result_set):
    content = dict(result_set.content)
    result_set.content = content | {"reason": "other"}
    with pytest.raises(RuleBroken, match="해시와"):
        services.make_bundle(result_set)
    del content["format"]
    result_set.content, result_set.sha256 = content, canonical_sha256(content)
    with pytest.raises(RuleBroken, match="예전 형식"):
        services.make_bundle(result_set)
    result_set.content = content | {"format": 2, "rules": None}
    result_set.sha256 = canonical_sha256(result_set.content)
    with pytest.raises(RuleBroken, match="공고의 판"):
        services.make_bundle(result_set)


def test_a_correction_of_an_older_form_draws_new_letters(scene, result_set):
    content = dict(result_set.content)
    del content["format"]
    result_set.content = content
    db.session.flush()
    changes = {scene.id("C"): DecisionInput(Outcome.NOT_SELECTED, reason="포기")}
    services.correct_results(scene.challenge, changes, "바로잡습니다.", actor=scene.organizer, now=NOW)
    trail.seal()
    newest = db.session.scalar(sa.select(ResultSet).where(ResultSet.number == 2))
    assert verdict(read_zip(services.make_bundle(newest))) is None


def test_the_command_writes_it(app, scene, result_set, tmp_path):
    run_command = app.test_cli_runner().invoke
    path, slug = tmp_path / "results.zip", scene.challenge.slug
    result = run_command(results_cli, ["bundle", slug, "--to", str(path)])
    assert result.exit_code == 0, result.output
    assert path.read_bytes() == services.make_bundle(result_set)
    assert verify.main([str(path)]) == 0
    for arguments in (["nothing"], [slug, "--number", "2"]):
        result = run_command(results_cli, ["bundle", *arguments, "--to", str(path)])
        assert result.exit_code == 1
        assert "No published results" in result.output
    result = run_command(results_cli, ["bundle", slug, "--to", str(tmp_path / "no/where.zip")])
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_the_organizer_downloads_it(browse_as, scene, result_set):
    base = f"/manage/{scene.challenge.id}/results"
    browser = browse_as(scene.organizer)
    assert f"{base}/1/bundle.zip" in browser.get(base).text
    response = browser.get(f"{base}/1/bundle.zip")
    assert response.status_code == 200
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{scene.challenge.slug}-results-1.zip"'
    assert response.data == services.make_bundle(result_set)
    assert browser.get(f"{base}/2/bundle.zip").status_code == 404


def test_before_it_is_sealed_the_organizer_reads_why_not(browse_as):
    scene = published_challenge()
    browser = browse_as(scene.organizer)
    response = browser.get(f"/manage/{scene.challenge.id}/results/1/bundle.zip", follow_redirects=True)
    assert "잠시 뒤 다시 시도" in response.text


# The program's own arithmetic against the application's.

CODES = ("fit", "technology", "team")
halves = st.integers(0, 200).map(lambda n: str(D(n) / 2))
sheet_scores = st.dictionaries(st.sampled_from(CODES), halves, max_size=3) | st.tuples(halves, halves, halves).map(
    lambda row: dict(zip(CODES, row, strict=True))
)
scoring = st.fixed_dictionaries(
    {
        "criteria": st.just([{"code": code, "points": "100"} for code in CODES]),
        "aggregate": st.sampled_from(["mean", "trimmed_mean", "median"]),
        "trim": st.sampled_from(["totals", "criteria"]),
        "trim_floor": st.integers(1, 6),
        "decimals": st.integers(0, 4),
        "bonus_cap": st.sampled_from(["0", "5", "2.50"]),
        "pass_mark": st.sampled_from([None, "100", "61.25"]),
        "pass_mark_sees_bonus": st.booleans(),
        "tie_break": st.sampled_from([[], ["fit"], ["chair"], ["fit", "technology", "chair"], ["team", "chair"]]),
    }
)
few = st.lists(
    st.sampled_from([{"fit": "10", "technology": "20", "team": "30"}, {"fit": "20", "technology": "10", "team": "30"}]),
    min_size=1,
    max_size=4,
)
some_entries = st.lists(
    st.tuples(few | st.lists(sheet_scores, max_size=6), st.sampled_from(["T1", "T2"]), st.lists(halves, max_size=2)), max_size=8
)  # fmt: skip


@given(
    some_entries, scoring, st.lists(st.permutations(range(8)) | st.lists(st.integers(0, 7), unique=True), max_size=2)
)
@settings(max_examples=200, deadline=None)
def test_its_arithmetic_is_the_applications(given_entries, rule, orders):
    entries = [
        {"application_id": str(i), "theme": theme, "sheets": [{"scores": s} for s in sheets], "bonus_points": bonus}
        for i, (sheets, theme, bonus) in enumerate(given_entries)
    ]
    chair_orders = [[str(i) for i in order] for order in orders]
    mine = verify.recompute(rule, entries, chair_orders)
    ranking = official.rank_entries(
        [
            official.Entry(
                e["application_id"], tuple({c: D(t) for c, t in s["scores"].items()} for s in e["sheets"]), group=e["theme"],
                bonus=sum((D(points) for points in e["bonus_points"]), D(0)),
            )
            for e in entries
        ],
        official.Rule(
            CODES, rule["aggregate"], rule["trim"], rule["trim_floor"], rule["decimals"], D(rule["bonus_cap"]),
            None if rule["pass_mark"] is None else D(rule["pass_mark"]), rule["pass_mark_sees_bonus"], tuple(rule["tie_break"]),
        ),
        chair_orders,
    )  # fmt: skip
    assert set(mine) == {placed.key for placed in ranking.entries}
    for placed in ranking.entries:
        found = mine[placed.key]
        text = {"mean": placed.mean, "final": placed.final}
        assert {name: found[name] for name in text} == {n: None if v is None else str(v) for n, v in text.items()}
        assert (found["lowest"], found["highest"], found["bonus"]) == (placed.lowest, placed.highest, placed.bonus)
        assert (found["passes"], found["rank"], found["theme_rank"]) == (placed.passes, placed.rank, placed.group_rank)
        assert found["trimmed"] == placed.trimmed
        for name, tie in (("overall_tie", placed.tie), ("tie", placed.group_tie)):
            assert found[name] == tie_of(tie, placed.key)


def tie_of(tie, key):
    if tie is None:
        return None
    steps = [
        {
            "criterion": s.criterion,
            "value": None if (v := dict(s.values)[key]) is None else str(v),
            "decided": s.decided,
        }
        for s in tie.steps
        if key in dict(s.values)
    ]
    return {"with": len(tie.keys) - 1, "settled": tie.settled, "steps": steps}
