import json

import pytest

SHEETS = {"A": [92, 88, 88, 75, 70], "B": [85, 84, 84, 83, 60], "E": [90, 80, None, 78, 70], "G": [90, 80, 70]}


@pytest.fixture
def run(app, tmp_path):
    """Run a command on a file with the given text; returns its status, what it printed, and what it complained of."""

    def command(name, text, *options, file="table.csv"):
        path = tmp_path / file
        path.write_text(text, encoding="utf-8")
        result = app.test_cli_runner().invoke(args=["judging", name, str(path), *options])
        return result.exit_code, result.stdout, result.stderr

    return command


def as_csv(sheets):
    rows = [
        f"{entry},J{i},{score}"
        for entry, scores in sheets.items()
        for i, score in enumerate(scores)
        if score is not None
    ]
    return "\n".join(["entry,judge,score", *rows])


def test_trimmed_means_are_those_of_the_published_rule(run):
    status, out, _ = run("rank", as_csv(SHEETS), "--method", "trimmed_mean", "--json")
    answer = json.loads(out)
    assert status == 0
    assert [(e["entry"], e["n"], e["score"], e["rank"]) for e in answer["entries"]] == [
        ("A", 5, 83.67, 1), ("B", 5, 83.67, 1), ("G", 3, 80.0, 3), ("E", 4, 79.0, 4),
    ]  # fmt: skip
    assert "G has 3 scores, fewer than 4: nothing was trimmed" in answer["notes"]


@pytest.mark.parametrize(("method", "decimals", "score"), [("mean", "2", 82.6), ("mean", "0", 83), ("median", "2", 88)])
def test_mean_and_median(run, method, decimals, score):
    _, out, _ = run("rank", as_csv({"A": SHEETS["A"]}), "--method", method, "--decimals", decimals, "--json")
    assert json.loads(out)["entries"][0]["score"] == score


def test_the_adjusted_score_has_components_judges_and_chances(run):
    sheets = {f"E{i}": [60 + 3 * i + j * 2 + (i * j) % 3 for j in range(4)] for i in range(6)}
    status, out, _ = run("rank", as_csv(sheets), "--method", "adjusted", "--top", "2", "--json")
    answer = json.loads(out)
    assert status == 0
    assert [e["entry"] for e in answer["entries"]] == ["E5", "E4", "E3", "E2", "E1", "E0"]
    assert sum(e["p_top"] for e in answer["entries"]) == pytest.approx(2)
    assert set(answer["components"]) == {"mean", "entry_sd", "judge_sd", "residual_sd"}
    severities = [j["severity"] for j in answer["judges"]]
    assert severities == sorted(severities, reverse=True)  # J0 gives least


def test_agreement_prints_every_figure(run):
    status, out, _ = run("agreement", as_csv({"A": [1, 2], "B": [2, 3], "C": [4, 4]}), "--json")
    answer = json.loads(out)
    assert status == 0
    assert set(answer["icc"]) == {"1,1", "2,1", "3,1", "1,k", "2,k", "3,k"}
    assert set(answer["alpha"]) == {"nominal", "ordinal", "interval", "ratio"}
    assert (answer["kendall_w"], answer["n_entries"], answer["n_judges"]) == (1, 3, 2)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("entry,judge\nA,J", "row 1: there is no column score"),
        ("entry,judge,score\nA,J,5\nB,J,", "row 3, column score: it is empty"),
        ("entry,judge,score\nA,J,five", "row 2, column score: five is not a number"),
        ("entry,judge,score\nA,J,NaN", "row 2, column score: NaN is not a number"),
        ("entry,judge,score\n,J,5", "row 2, column entry: it is empty"),
        ("entry,judge,score\nA,J,5\nA,J,6", "row 3, column judge: J has scored A in an earlier row"),
        ("entry,judge,score\n", "there are no scores"),
        ("", "row 1: there is no column entry"),
    ],
)
@pytest.mark.parametrize("name", ["rank", "agreement"])
def test_a_bad_table_gets_one_line_that_names_the_place(run, name, text, complaint):
    status, out, err = run(name, text, "--json")
    assert (status, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


def wish(**changes):
    return json.dumps({
        "judges": [{"id": "J1", "cap": 2}, {"id": "J2", "cap": 1, "floor": 1}],
        "entries": [{"id": "A", "sheets": 1}, {"id": "B", "sheets": 2}],
        "scores": [[3, 1], [2, 0]], "conflicts": [["J2", "B"]], **changes,
    })  # fmt: skip


def test_the_best_assignment_names_what_is_short(run):
    status, out, _ = run("assign", wish(), "--json", file="wish.json")
    assert status == 0
    assert json.loads(out) == {"pairs": [["J1", "B"], ["J2", "A"]], "objective": 3.0, "short": {"B": 1}}


def test_what_would_free_the_entries_that_fall_short_is_told_on_request(run):
    _, out, _ = run("assign", wish(), "--explain", "--json", file="wish.json")
    answer = json.loads(out)
    assert (answer["groups"], answer["by_lot"]) == (2, 0)
    assert answer["shortages"] == [{"entries": ["B"], "missing": 1, "full_judges": [], "conflicts": []}]


def test_pairs_that_must_be_are_kept(run):
    _, out, _ = run("assign", wish(must=[["J2", "B"]]), "--json", file="wish.json")
    assert json.loads(out)["pairs"] == [["J1", "A"], ["J1", "B"], ["J2", "B"]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "cannot be read as JSON"),
        (wish(scores=[[1, 2]]), "scores: there have to be 2 rows"),
        (wish(scores=[[1, 2], [1]]), "scores, row 2: there have to be 2 columns"),
        (wish(scores=[[1, 2], [1, "x"]]), "scores, row 2, column 2: 'x' is not a number"),
        (wish(conflicts=[["J9", "A"]]), "conflicts, row 1, column 1: there is no judge 'J9'"),
        (wish(judges=[{"id": "J1"}, {"id": "J2", "cap": 1}]), "judges, row 1, column cap: None is not a whole number"),
        (
            wish(entries=[{"id": "A", "sheets": 1}, {"id": "A", "sheets": 1}]),
            "entries, row 2, column id: 'A' stands twice",
        ),
        (wish(judges=[{"id": "J1", "cap": 2}, {"id": "J2", "cap": 1, "floor": 2}]), "a floor is above its cap"),
        (wish(judges=[{"id": "J1", "cap": 10**30}, {"id": "J2", "cap": 1}]), "is not a whole number from 0 to 1000000"),
        (wish(scores=[[1, 2], [1, 1e300]]), "scores, row 2, column 2: 1e+300 is beyond 1000000"),
        (wish(must=[["J1"]]), "must, row 1: it has to be a pair"),
        (wish(share_by_lot=2), "share_by_lot: 2 is not a number from 0 to 1"),
        (wish(seed="x"), "seed: 'x' is not a whole number"),
        (wish(even="yes"), "even: 'yes' is neither true nor false"),
    ],
)
def test_a_bad_wish_gets_one_line(run, text, complaint):
    status, out, err = run("assign", text, "--json", file="wish.json")
    assert (status, out) == (2, "")
    assert complaint in err
