"""Definitions of the retained count (统计口径): the same people, told by different rules.

A definition is a frozen, numbered row of ``data/programme/definitions.json``; one in use is never edited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from webapp.domain.dated import digest_of
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.programme import read_table
from webapp.domain.words import N_


class DefinitionUnknown(NotFound):
    """A definition nobody wrote."""

    message = N_("没有编号为 %(id)s 的统计口径。请从列表中选择。")


class DefinitionInUse(PlatformError):
    """A definition by which somebody was counted or a figure was published stays as it is."""

    message = N_("统计口径 %(id)s 已在使用，不能再修改。请在 definitions.json 里另编一个新号。")


class Facts(Protocol):
    """What a definition looks at: the facts of one count, most of them fixed when it was made."""

    @property
    def grade(self) -> str:
        """Strongest evidence, which may still rise to A."""

    @property
    def outcome_code(self) -> str:
        """MOE 毕业去向 code."""

    @property
    def attributed_month(self) -> str:
        """Month in which the outcome began."""

    @property
    def graduated_in(self) -> str | None:
        """Year of graduation as it was when counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One way to count; ``digest`` seals its rule, ``says`` tells it in plain words."""

    id: str
    name: str
    says: str
    grades: frozenset[str]
    without_codes: frozenset[str]
    in_graduation_year: bool
    digest: str

    def covers(self, facts: Facts) -> bool:
        """Say whether a count belongs to this definition."""
        return (
            facts.grade in self.grades
            and facts.outcome_code not in self.without_codes
            and (not self.in_graduation_year or facts.attributed_month[:4] == facts.graduated_in)
        )

    def within(self, wider: "Definition") -> bool:
        """Say whether everybody this definition covers is covered by another one for certain."""
        return (
            self.grades <= wider.grades
            and self.without_codes >= wider.without_codes
            and (self.in_graduation_year or not wider.in_graduation_year)
        )


@cache
def definitions() -> Mapping[str, Definition]:
    """Return all definitions by id; the first is the ruleset's own."""
    return {
        row["id"]: Definition(
            id=row["id"],
            name=row["name"],
            says=row["says"],
            grades=frozenset(Grade(grade).value for grade in row["grades"]),
            without_codes=frozenset(row["without_codes"]),
            in_graduation_year=row["in_graduation_year"],
            digest=digest_of(row),
        )
        for row in read_table("definitions.json")["definitions"]
    }


def definition(key: str) -> Definition:
    """Return one definition or raise :class:`DefinitionUnknown`."""
    found = definitions().get(key)
    if found is None:
        raise DefinitionUnknown(id=key)
    return found


def standard() -> Definition:
    """Return the definition that counts everybody the ruleset lets in."""
    return next(iter(definitions().values()))
