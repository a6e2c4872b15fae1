"""Say values the way people read them: words, dates, money, large numbers."""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from babel.dates import format_date
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from matcher.documents import Reason
from matcher.sentences import SENTENCES
from webapp.clock import now as this_instant
from webapp.domain.catalogues import district_name, institution_name
from webapp.domain.dates import CITY, city_date
from webapp.domain.pay import YEAR, format_pay
from webapp.services.languages import FULL_DATE

SHORT_DATE: Mapping[str, str] = {"zh": "M月d日", "en": "d MMM"}
MONTH: Mapping[str, str] = {"zh": "y年M月", "en": "MMMM y"}
WAN = 10_000
PARTS: Sequence[tuple[str, str]] = ((r"(：)", ""), (r"(?<=。)", " "), (r"(、)", ""))
"""Where texts are put together, coarsest first, and what stands between the parts in English."""
LEAST_FIT = 0.05
"""Fits below this are not told apart."""
SMALL_CELL = 5
"""Counts below this are shown as ＜5 to others: no one person can be found in a table."""


def label(value: Enum | str | None) -> str:
    """Say an enum member in the reader's language, from ``LABELS`` beside its class."""
    if value is None:
        return ""
    if not isinstance(value, Enum):
        return value
    labels: Mapping[Enum, str] = sys.modules[type(value).__module__].LABELS
    return _(labels[value])


def full_date(value: date | datetime | None) -> str:
    """Say a day as 2026年6月30日 or 30 June 2026; an instant becomes its day in Wuhan."""
    return _dated(value, FULL_DATE)


def short_date(value: date | datetime | None) -> str:
    """Say a day of this season as 6月30日 or 30 Jun."""
    return _dated(value, SHORT_DATE)


def month(value: date | str | None) -> str:
    """Say a month, given as a day in it or as ``2026-06``."""
    if isinstance(value, str):
        value = date.fromisoformat(f"{value}-01")
    return _dated(value, MONTH)


def moment(value: datetime | None) -> str:
    """Say an instant with its clock time in Wuhan."""
    if value is None:
        return ""
    return f"{full_date(value)} {_aware(value).astimezone(CITY):%H:%M}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Say how long ago an instant was, in the coarsest unit that is still true."""
    if value is None:
        return ""
    passed = (now or this_instant()) - _aware(value)
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(hours=1):
        minutes = passed // timedelta(minutes=1)
        return ngettext("%(num)d 分钟前", "%(num)d 分钟前", minutes)
    if passed < timedelta(days=1):
        hours = passed // timedelta(hours=1)
        return ngettext("%(num)d 小时前", "%(num)d 小时前", hours)
    if passed < timedelta(days=31):
        return ngettext("%(num)d 天前", "%(num)d 天前", passed.days)
    return full_date(value)


def thousands(value: float | None) -> str:
    """Say a number with separators: 12,345."""
    return "" if value is None else f"{value:,}"


def wan(value: float | None) -> str:
    """Say a large count in 万, the unit the plan is written in: 1.5 万."""
    if value is None:
        return ""
    if abs(value) < WAN or not _chinese():
        return f"{value:,.0f}"
    return f"{value / WAN:,.2f}".rstrip("0").rstrip(".") + " 万"


def fitting(fit: float) -> str:
    """Say how well a posting and a resume fit; below ``LEAST_FIT`` a figure would claim too much."""
    if fit < LEAST_FIT:
        return _("合适度低于 %(fit)s", fit=percent(LEAST_FIT, 0))
    return _("合适度约 %(fit)s", fit=percent(fit, 0))


def percent(value: float | None, digits: int = 1) -> str:
    """Say a share as 87.3%; an unknown share as a dash."""
    return "—" if value is None else f"{value:.{digits}%}"


def small(value: int | None) -> str:
    """Say a count others may read, hiding small cells as ＜5."""
    if value is None:
        return "—"
    return f"＜{SMALL_CELL}" if 0 < value < SMALL_CELL else f"{value:,}"


def money(low: int | None, high: int | None = None, months: int = YEAR) -> str:
    """Say monthly pay as 8,000–11,000 元/月 · 14薪; unknown pay as 面议."""
    return format_pay(low, high, months, translate=_)


def district(code: str | None) -> str:
    """Say a district's or zone's name; an unknown code is shown as it is."""
    return translated(district_name(code))


def sentence(reason: Reason) -> str:
    """Say a match's reason in the reader's language."""
    return spoken(SENTENCES[reason.code], reason.facts)


def spoken(message: str, facts: Mapping[str, object]) -> str:
    """Say a marked sentence with its facts: words of ours are translated, days said as days.

    A person's sentence brings its own full stop, so ours after it is left out.
    """
    said = _(message, **{name: _fact(fact) for name, fact in facts.items()})
    return said.replace("。。", "。").replace("。.", "。")


def translated(text: str | None) -> str:
    """Say what was marked elsewhere, also where marked words were put together into one text.

    What a person wrote comes back as it is.
    """
    return _in_parts(text, PARTS) if text else ""


def register(app: Flask) -> None:
    """Give every template these filters."""
    named: Mapping[str, Any] = {
        "label": label,
        "date": full_date,
        "short_date": short_date,
        "month": month,
        "moment": moment,
        "ago": ago,
        "thousands": thousands,
        "wan": wan,
        "fitting": fitting,
        "percent": percent,
        "small": small,
        "money": money,
        "reason": sentence,
        "spoken": spoken,
        "translated": translated,
        "district": district,
        "institution": institution_name,
    }
    app.jinja_env.filters.update(named)


def _fact(fact: object) -> object:
    if isinstance(fact, date):
        return full_date(fact)
    return translated(fact) if isinstance(fact, str) else fact


def _in_parts(text: str, ways: Sequence[tuple[str, str]]) -> str:
    said = _(text)
    if said != text or not ways or _chinese():
        return said
    (sign, glue), *finer = ways
    return glue.join(_in_parts(part, finer) for part in re.split(sign, text) if part)


def _chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def _dated(value: date | datetime | None, patterns: Mapping[str, str]) -> str:
    if value is None:
        return ""
    day = city_date(_aware(value)) if isinstance(value, datetime) else value
    language = "zh" if _chinese() else "en"
    return format_date(day, patterns[language], locale=language)


def _aware(value: datetime) -> datetime:
    """Read an instant without a zone as UTC: that is how the database keeps it."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)
