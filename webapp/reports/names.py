"""The reports there are, by the name the command and the pages call them."""

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType

from webapp.domain.errors import NotFound
from webapp.domain.words import N_
from webapp.reports import district_index, pay, shortage, situation, students, talent, words
from webapp.reports.document import Document, Edition
from webapp.reports.snapshot import Snapshot

REPORTS: Mapping[str, ModuleType] = {
    "situation": situation,
    "students": students,
    "talent": talent,
    "pay": pay,
    "shortage": shortage,
    "district-index": district_index,
}
TITLES: Mapping[str, str] = {
    "situation": N_("就业形势分析"),
    "students": N_("大学生就业分析"),
    "talent": N_("武汉人才观察"),
    "pay": N_("企业薪酬调查"),
    "shortage": N_("急需紧缺人才目录"),
    "district-index": N_("区就业综合指数（试算，非官方）"),
}


class ReportUnknown(NotFound):
    """A name no report has."""

    message = N_("没有名为 %(name)s 的报告。可用的名称见 python -m scripts report --help。")


def write(name: str, snapshot: Snapshot, edition: Edition = Edition.PUBLIC) -> Document:
    """Return a report of a snapshot; the same for the same snapshot, wherever and whenever."""
    if name not in REPORTS:
        raise ReportUnknown(name=name)
    report = REPORTS[name]
    tables = [
        replace(table, number=number)
        for number, table in enumerate(report.tables(snapshot, edition), start=1)
    ]
    period = snapshot.content["period"]["name"]
    return Document(
        title=report.TITLE,
        subtitle=f"{period}　数据截至{words.day(snapshot.as_of)}"
        + ("　内部资料" if edition is Edition.INTERNAL else ""),
        reading=report.reading(snapshot, edition),
        tables=tables,
        method=words.method(snapshot),
        foot=words.foot(snapshot, tables, edition),
        edition=edition,
        snapshot=snapshot.id,
        as_of=snapshot.as_of,
        unknown=report.UNKNOWN,
    )
