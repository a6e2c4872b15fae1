"""Sentences and days in a reader's language where no request says which: in letters the worker writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel.dates import format_date
from babel.support import NullTranslations, Translations

from webapp.settings import ROOT

FOLDER = ROOT / "webapp" / "translations"
FULL_DATE: Mapping[str, str] = {"zh": "y年M月d日", "en": "d MMMM y"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language and its sentences, by the Chinese ones."""

    code: str
    words: NullTranslations

    def day(self, value: date) -> str:
        """Say a day as 2026年6月30日 or 30 June 2026."""
        return format_date(value, FULL_DATE[self.code], locale=self.code)


@cache
def language_of(chosen: str | None) -> Language:
    """Return the language somebody has chosen for pages, Chinese for everybody else."""
    code = "en" if chosen == "en" else "zh"
    return Language(code, Translations.load(FOLDER, [code]))
