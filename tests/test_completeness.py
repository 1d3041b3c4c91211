"""What is owed, and what of it is in, late, refused or missing: in the sample year, what was planted."""

from datetime import UTC, datetime
from pathlib import Path

from tasks.completeness import fallen_due, owed
from tasks.world import World
from tests.conftest import MakeWorld
from tests.walking import query, walk

ON_THE_TENTH_OF_JULY = datetime(2021, 7, 10, 14, 59, tzinfo=UTC)
ON_THE_ELEVENTH = datetime(2021, 7, 10, 15, 1, tzinfo=UTC)


def test_the_sample_year_is_late_four_times_and_lacks_nothing(walked: World) -> None:
    rows = query(
        walked,
        "select form_id, center_id, period_id, status from mart_completeness"
        " where fiscal_year = 2021 and (is_late = 1 or status <> '受理')",
    )
    assert sorted(rows) == [
        ("client", "sme", "2021-10", "受理"),
        ("expenditure", "sme", "2021-10", "受理"),
        ("narrative", "projects", "FY2021", "受理"),
        ("performance", "sme", "2021-10", "受理"),
        ("spending", "sme", "2021-10", "受理"),
    ]
    refused = query(
        walked,
        "select form_id, center_id, period_id from mart_completeness where refused > 0 order by form_id",
    )
    assert refused == [(form, "icc", "2022-01") for form in ("expenditure", "performance", "spending")]
    counts = query(
        walked,
        "select form_id, count(*) from mart_completeness where fiscal_year = 2021"
        " group by form_id order by form_id",
    )
    assert counts == [
        ("appropriation", 1),
        ("budget", 1),
        ("client", 36),
        ("event", 36),
        ("expenditure", 60),
        ("ledger", 1),
        ("narrative", 6),
        ("performance", 60),
        ("published", 1),
        ("revenue", 1),
        ("spending", 60),
        ("survey", 2),
    ]


def test_what_was_taken_out_is_named_and_nothing_else(make_world: MakeWorld, inbox: Path) -> None:
    next((inbox / "electronics").glob("*R03-11.csv")).unlink()
    next((inbox / "industry").glob("利用者アンケート*下期.csv")).unlink()
    next((inbox / "icc").glob("月報_R04-01*再提出.xlsx")).unlink()
    world = make_world(inbox)
    walk(world)
    rows = query(
        world,
        "select form_id, center_id, period_id, status from mart_completeness"
        " where fiscal_year = 2021 and status <> '受理'",
    )
    assert sorted(rows) == [
        ("event", "electronics", "2021-11", "未着"),
        ("expenditure", "icc", "2022-01", "差戻し"),
        ("performance", "icc", "2022-01", "差戻し"),
        ("spending", "icc", "2022-01", "差戻し"),
        ("survey", "industry", "FY2021H2", "未着"),
    ]
    told = {
        (row["センター"], row["様式"]): row for row in owed(fallen_due(world)) if row["年度"] == "令和3年度"
    }
    assert told["エレクトロニクスセンター", "イベント・セミナー一覧"]["未着"] == "令和3年11月"
    assert told["産業振興センター", "利用者アンケート集計表"]["未着"] == "令和3年度下期"
    assert told["インタークロス・クリエイティブ・センター", "支出報告書"]["差戻しのまま"] == "令和4年1月"
    assert told["中小企業支援センター", "業務実績報告書"]["遅れて受理"] == "令和3年10月"
    statuses = query(
        world,
        "select indicator_id, status from mart_performance where status not in ('報告済')"
        " and fiscal_year = 2021",
    )
    assert dict(statuses)["3-03.technical_attendees"] == "暫定 (11/12)"
    assert dict(statuses)["1-01.satisfaction_second_half"] == "未報告"


def test_a_day_ends_at_midnight_in_japan(make_world: MakeWorld, inbox: Path) -> None:
    kept = "projects/月報_R03-06_財団プロジェクト推進事業.xlsx"
    for path in inbox.rglob("*.*"):
        if path.is_file() and path.relative_to(inbox).as_posix() != kept:
            path.unlink()
    for moment, is_late in ((ON_THE_TENTH_OF_JULY, 0), (ON_THE_ELEVENTH, 1)):
        (inbox / "arrivals.csv").write_text(
            f"file,channel,sender,received_at\n{kept},projects,,{moment.isoformat()}\n"
        )
        world = make_world(inbox, name=f"home {is_late}")
        walk(world)
        rows = query(
            world,
            "select is_late from mart_completeness where status = '受理' and form_id = 'performance'",
        )
        assert rows == [(is_late,)]
