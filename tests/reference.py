"""The published FY2021 report as committed with the sample year: what the walk must give back."""

import csv
from pathlib import Path

PATTERNS = Path(__file__).parents[1] / "samples" / "patterns"
CENTER_TOTALS = {
    "industry": 346_390,
    "sme": 78_941,
    "electronics": 214_812,
    "icc": 47_764,
    "projects": 10_453,
}

Key = tuple[str, str, str, str]


def published_numbers() -> dict[Key, float]:
    """(section, letter, indicator, qualifier) to the printed number, for the 88 numeric facts."""
    with (PATTERNS / "published_2021.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["section"], row["letter"], row["title"], row["qualifier"]): float(row["value"])
            for row in csv.DictReader(file)
            if row["kind"] == "numeric"
        }


def published_texts() -> list[Key]:
    """The names of the 29 facts that are texts or headings."""
    with (PATTERNS / "published_2021.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["section"], row["letter"], row["title"], row["qualifier"])
            for row in csv.DictReader(file)
            if row["kind"] == "qualitative"
        ]


def published_events() -> list[Key]:
    """Name, 国内 or 海外, target and months of the events that the report lists, in its order."""
    return [
        ("ベトナムホーチミン高島屋ほかテストマーケティング", "海外", "ベトナム", "7月～2月"),
        ("マレーシア商談会", "海外", "マレーシア", "10月"),
        ("PPIH ドン・キホーテ海外向け商談会", "海外", "香港、台湾、タイ、シンガポール", "1月"),
        ("台湾道産食品商談会", "海外", "台湾", "3月"),
        ("もへじ（カルディコーヒー）商談会", "国内", "", "4月、9月"),
        ("トドック 2022年3月号・8月号用掲載商品選定商談会", "国内", "", "8月、3月"),
        ("エース（北野エース）商談会", "国内", "", "8月、11月"),
        ("スハラ食品商談会", "国内", "", "4月、6月、10月、1月"),
        ("FOOD トレード“アシスト”パッケージ 出展支援", "国内", "", "8月"),
        ("FOOD STYLE 関西、FOOD STYLE 沖縄 出展支援", "国内", "", "1月、2月"),
    ]
