"""What arrives: receipts of files, and the submissions found in them."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.period import Period, parse_id

# A file by its hash, through the channel of a center.
Unit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One arrival of one file; never changes.

    `center_id` is the center that the channel belongs to; `arrived_at` is UTC. `refused`: the code of what
    kept the bytes from being taken in; `sha256` is then that of the arrival's name, size and time.
    """

    receipt_id: str
    sha256: str
    file_name: str
    size: int
    channel: str
    center_id: str
    sender: str
    arrived_at: datetime
    refused: str = ""

    @property
    def unit(self) -> Unit:
        return self.sha256, self.center_id


@dataclass(frozen=True, slots=True)
class Submission:
    """One form for one period in one received file; (SHA-256, center, form, period) is its key.

    `stated_on` is the day on its cover; an export has none, and counts from its arrival.
    """

    sha256: str
    form_id: str
    center_id: str
    period: Period
    revision: int
    stated_on: date | None
    sheet: str

    @property
    def id(self) -> str:
        return submission_id(self.sha256, self.center_id, self.form_id, self.period.id)


def submission_id(sha256: str, center_id: str, form_id: str, period_id: str) -> str:
    """A submission's natural key as one word, e.g. industry.performance.2021-05.0a1b2c3d4e5f6071."""
    return f"{center_id}.{form_id}.{period_id}.{sha256[:16]}"


def center_of(submission: str) -> str:
    """The center id in a submission's id."""
    return submission.split(".", maxsplit=1)[0]


def period_in(submission: str) -> Period:
    """The period in a submission's id."""
    return parse_id(submission.split(".")[2])


def file_submission_id(sha256: str, center_id: str) -> str:
    """The id that stands for a whole file, from a center's channel, of which no form could be read."""
    return f"{center_id or 'unknown'}.unread.{sha256[:16]}"
