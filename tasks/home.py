"""Where one body's data lives: raw store, lake, reports; the warehouse beside them when it is SQLite."""

import re
from dataclasses import dataclass
from pathlib import Path

_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


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
    def index(self) -> Path:
        """What says where in receipts and journal a file stands; it may be deleted at any time."""
        return self.root / "index.db"

    @property
    def told(self) -> Path:
        """The last decision of the journal that a finished run has told people about."""
        return self.raw / "told.json"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def current(self) -> Path:
        return self.lake / "submissions.parquet"

    @property
    def current_state(self) -> Path:
        """What the warehouse held when `current` was written."""
        return self.lake / "submissions.state"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def warehouse_url(self) -> str:
        return f"sqlite:///{self.root / 'warehouse.db'}"

    def original(self, sha256: str, file_name: str) -> Path:
        """The stored bytes of a received file, under their hash; the suffix only helps who opens it."""
        suffix = Path(file_name).suffix.lower()
        return self.raw / sha256[:2] / f"{sha256}{suffix if _PLAIN_SUFFIX.fullmatch(suffix) else ''}"

    def template_folder(self, fiscal_year: int) -> Path:
        return self.root / "templates" / str(fiscal_year)

    def report_folder(self, fiscal_year: int) -> Path:
        return self.root / "reports" / str(fiscal_year)
