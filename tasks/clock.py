"""The one clock: every "now" of the pipeline is asked of it, and tests pass in a stopped one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

TOKYO = ZoneInfo("Asia/Tokyo")


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def tokyo_day(moment: datetime) -> date:
    """The day in Tokyo on which a moment (UTC) lies."""
    return moment.astimezone(TOKYO).date()


def start_of_day(day: date) -> datetime:
    """The first moment, in UTC, of a day in Tokyo."""
    return datetime.combine(day, time(), TOKYO).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last moment, in UTC, of a day in Tokyo: what "as of that day" means."""
    return start_of_day(day + timedelta(days=1)) - timedelta(microseconds=1)
