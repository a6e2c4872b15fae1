"""Institutions and majors by every spelling a resume may use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from webapp.domain.catalogues import Institution, Major


@dataclass(frozen=True)
class Catalogue:
    """What may be named: institutions and majors, compiled once for all resumes."""

    institutions: Iterable[Institution]
    majors: Iterable[Major]

    @cached_property
    def by_name(self) -> Mapping[str, Institution]:
        """Return institutions by present and former names, brackets narrow or left out."""
        names: dict[str, Institution] = {}
        for one in self.institutions:
            for name in map(_narrow, (one.name, *one.former_names)):
                names[name] = names[re.sub(r"[()]", "", name)] = one
        return names

    @cached_property
    def mention(self) -> re.Pattern[str]:
        """Match any institution, the longest first; "武汉大学生创业计划" names none."""
        names = sorted(self.by_name, key=len, reverse=True)
        return re.compile(f"(?:{'|'.join(map(re.escape, names))})(?!生(?![物命态]))")

    @cached_property
    def major_names(self) -> frozenset[str]:
        """Return the names of all majors of all levels."""
        return frozenset(_narrow(one.name) for one in self.majors)

    def institution_in(self, text: str) -> Institution | None:
        """Return the first institution named in a text."""
        match = self.mention.search(text)
        return self.by_name[match[0]] if match else None


def _narrow(name: str) -> str:
    """Spell brackets as normalised text has them."""
    return name.replace("（", "(").replace("）", ")")
