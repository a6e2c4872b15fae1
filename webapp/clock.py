"""The only place that reads the clock; below the edge, time is an argument."""

from datetime import UTC, date, datetime

from webapp.domain.dates import city_date


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in Wuhan."""
    return city_date(now())
