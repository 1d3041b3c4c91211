"""summary: what a run let in, what it refused and why, what is missing; for the terminal and Prefect."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, literal, or_, select

from schemas.forms import form_by_id
from schemas.keys import surrogate
from schemas.period import parse_id
from tasks.journal import Decision, Verdict, final_verdicts
from tasks.known import known
from tasks.world import World
from warehouse.current import current
from warehouse.marts import finding
from warehouse.schema import schema_version
from warehouse.tables import DIM_SUBMISSION, FACT_FINDING

LISTED = 100
FILES_SHOWN, REASONS_SHOWN = 8, 3
OUTCOMES = ("差戻し", "保留", "確認")


@dataclass(frozen=True)
class Summary:
    """One run in words. `rows`: a table in Japanese of what was refused, is to be looked at or is overdue."""

    accepted: int
    refused: int
    held: int
    warnings: int
    missing: int
    rows: list[dict[str, str]]
    fiscal_years: list[int]
    last_decision: str
    version: str

    def lines(self) -> list[str]:
        """A few lines for a terminal."""
        held = f"保留 {self.held} ファイル、" if self.held else ""
        head = (
            f"受理 {self.accepted} ファイル、差戻し {self.refused} ファイル、{held}"
            f"確認事項 {self.warnings} 件、期限を過ぎた未着 {self.missing} 件"
        )
        return [head, *(line for outcome in OUTCOMES for line in self._files(outcome, FILES_SHOWN))]

    def _files(self, outcome: str, most: int) -> list[str]:
        """Each file of an outcome with its first sentences; how many there are beyond what is shown."""
        files: dict[str, list[str]] = {}
        for row in self.rows:
            if row["結果"] == outcome:
                files.setdefault(row["ファイル"], []).append(row["理由"])
        lines = []
        for name, reasons in list(files.items())[:most]:
            lines += [f"  {outcome} {name}: {reason}" for reason in reasons[:REASONS_SHOWN]]
            if len(reasons) > REASONS_SHOWN:
                lines.append(f"  {outcome} {name}: ほか {len(reasons) - REASONS_SHOWN} 件")
        if len(files) > most:
            where = "Prefect の成果物 ingest-result、または mart_finding"
            lines.append(f"  {outcome} ほか {len(files) - most} ファイル（{where}）")
        return lines


def summarise(world: World, due: list[Row[Any]], center_id: str = "") -> Summary:
    """What has been decided (of one center, if one is given) since people were told.

    `due`: what fell due, of which the overdue is told.
    """
    told, version = _told(world)
    with known(world) as of_files:
        new, last = of_files.decisions(behind=told), of_files.last_decision()
    final = final_verdicts(new)
    decided = [v for _, v in final.values() if center_id in ("", v.center_id)]
    with world.engine.connect() as connection:
        verdicts = _not_withdrawn(connection, decided)
        refused = [row for v in verdicts if v.state != "accepted" for row in _refusals(world, connection, v)]
        accepted = [verdict for verdict in verdicts if verdict.state == "accepted"]
        missing = _missing(due, center_id)
        warnings = _warnings(connection, center_id)
        return Summary(
            accepted=len(accepted),
            refused=sum(verdict.state in ("refused", "ignored") for verdict in verdicts),
            held=sum(verdict.state == "held" for verdict in verdicts),
            warnings=len(warnings),
            missing=len(missing),
            rows=[*refused, *warnings[:LISTED], *missing[:LISTED], *_accepted_rows(world, accepted)],
            fiscal_years=_years(connection, new, accepted, version != schema_version(world.catalog)),
            last_decision=last,
            version=schema_version(world.catalog),
        )


def tell(world: World, summary: Summary) -> None:
    """Note that people have been told: the next run tells only what is new.

    The version of schema and catalog stands beside it: with another one, every report is printed again.
    """
    content = json.dumps({"last": summary.last_decision, "version": summary.version}).encode()
    if not world.home.told.is_file() or world.home.told.read_bytes() != content:
        world.effects.publish(world.home.told, content)


def _told(world: World) -> tuple[str, str]:
    """The id of the last decision that people were told of, and the version of that day."""
    if not world.home.told.is_file():
        return "", ""
    said = json.loads(world.home.told.read_bytes())
    return str(said.get("last", "")), str(said["version"])


def _not_withdrawn(connection: Connection, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts on files of which something still counts or waits, and those by which a file is out."""
    s = DIM_SUBMISSION.c
    query = select(s.submission_key).where(s.withdrawn_at.is_not(None))
    withdrawn = set(connection.scalars(query)) if verdicts else set()
    return [
        verdict
        for verdict in verdicts
        if verdict.state not in ("accepted", "held")
        or not all(surrogate(entry.submission_id) in withdrawn for entry in verdict.entries)
    ]


def _refusals(world: World, connection: Connection, verdict: Verdict) -> list[dict[str, str]]:
    keys = [surrogate(entry.submission_id) for entry in verdict.entries]
    f, s = FACT_FINDING.c, DIM_SUBMISSION.c
    found = connection.execute(
        select(f.message, s.file_name, s.reason)
        .join(DIM_SUBMISSION, s.submission_key == f.submission_key)
        .where(f.submission_key.in_(keys), f.severity == "critical", f.rules_version == s.rules_version)
        .order_by(f.address)
    ).all()
    center = world.catalog.center.get(verdict.center_id)
    name = center.center_name if center else "不明"
    if verdict.state == "held":
        files = connection.scalars(select(s.file_name).where(s.submission_key.in_(keys)).distinct())
        return [_row(name, file_name, "保留", verdict.why) for file_name in files]
    return [_row(name, row.file_name, "差戻し", row.message) for row in found]


def _row(center: str, file: str, outcome: str, reason: str) -> dict[str, str]:
    return {"センター": center, "ファイル": file, "結果": outcome, "理由": reason}


def _accepted_rows(world: World, accepted: list[Verdict]) -> list[dict[str, str]]:
    counts: dict[str, int] = {}
    for verdict in accepted:
        center = world.catalog.center.get(verdict.center_id)
        name = center.center_name if center else verdict.center_id
        counts[name] = counts.get(name, 0) + 1
    return [_row(name, f"{count} ファイル", "受理", "") for name, count in counts.items()]


def _warnings(connection: Connection, center_id: str) -> list[dict[str, str]]:
    """What is to be looked at now (by one center, if one is given), as rows of the table."""
    mart = finding.query(current()).cte("open_findings")
    m = mart.c
    found = connection.execute(
        select(m.center_name, m.file_name, m.message)
        .where(
            m.severity != "critical",
            m.state == "accepted",
            or_(literal(center_id) == "", m.center_id == center_id),
        )
        .order_by(m.period_id.desc(), m.file_name, m.address)
    )
    return [_row(row.center_name, row.file_name, "確認", row.message) for row in found]


def _missing(due: list[Row[Any]], center_id: str) -> list[dict[str, str]]:
    """What is overdue and not in, the oldest first, as rows of the table."""
    lacking = [row for row in due if row.status != "受理" and center_id in ("", row.center_id)]
    return [
        _row(
            row.center_name,
            f"{form_by_id(row.form_id).title} {parse_id(row.period_id).label}",
            f"期限超過（{row.status}）",
            f"期限 {row.due_on:%Y-%m-%d}",
        )
        for row in sorted(lacking, key=lambda row: (row.due_on, row.center_id, row.form_id))
    ]


def _years(
    connection: Connection, new: list[Decision], accepted: list[Verdict], is_other_version: bool
) -> list[int]:
    """The fiscal years whose report may have changed: touched, or the year after, and reported on at all."""
    touched = {entry.period.fiscal_year for v in accepted for entry in v.entries if entry.period}
    withdrawn = {decision.sha256 for decision in new if decision.kind == "withdraw"}
    s = DIM_SUBMISSION.c
    touched |= set(connection.scalars(select(s.fiscal_year).where(s.sha256.in_(withdrawn)).distinct()))
    touched |= {parse_id(decision.period_id).fiscal_year for decision in new if decision.explanations}
    reported = set(
        connection.scalars(
            select(s.fiscal_year)
            .where(s.state == "accepted", s.form_id.in_(("performance", "expenditure")))
            .distinct()
        )
    )
    if is_other_version:
        return sorted(reported)
    return sorted(reported & (touched | {year + 1 for year in touched}))


def artifact(summary: Summary) -> list[dict[str, Any]]:
    """The rows of the run's table artifact; one that says so when nothing came."""
    return list(summary.rows) or [_row("－", "新しい提出物はありません", "－", "")]
