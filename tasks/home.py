"""Where one body's data lives: raw store, lake, reports; the warehouse beside them when it is SQLite."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders and files under one home."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def receipts(self) -> Path:
        return self.raw / "receipts.jsonl"

    @property
    def journal(self) -> Path:
        return self.raw / "journal.jsonl"

    @property
    def told(self) -> Path:
        """How many decisions of the journal a finished run has told people about."""
        return self.raw / "told.json"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def current(self) -> Path:
        return self.lake / "submissions.parquet"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def warehouse_url(self) -> str:
        return f"sqlite:///{self.root / 'warehouse.db'}"

    def original(self, sha256: str, file_name: str) -> Path:
        """The stored bytes of a received file, under their hash; the suffix only helps who opens it."""
        return self.raw / sha256[:2] / f"{sha256}{Path(file_name).suffix.lower()}"

    def template_folder(self, fiscal_year: int) -> Path:
        return self.root / "templates" / str(fiscal_year)

    def report_folder(self, fiscal_year: int) -> Path:
        return self.root / "reports" / str(fiscal_year)
