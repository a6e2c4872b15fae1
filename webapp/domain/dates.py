"""The city's calendar: one time zone, months as people count them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")


def city_date(at: datetime) -> date:
    """Return the day it was in Wuhan at an instant; a naive instant is refused."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(CITY).date()


def month_of(day: date) -> str:
    """Return the month of a day as ``2026-06``."""
    return f"{day:%Y-%m}"


def start_of_day(day: date) -> datetime:
    """Return the UTC instant at which a day begins in Wuhan."""
    return datetime(day.year, day.month, day.day, tzinfo=CITY).astimezone(UTC)


def following(month: str) -> str:
    """Return the month after ``2026-12``: ``2027-01``."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
