"""Headers of lists: under which names a column is known, and which a list must have."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from webapp.domain.errors import PlatformError
from webapp.domain.lists import ListKind
from webapp.domain.words import N_

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "毕业生姓名", "法定代表人", "法定代表人（经营者）"),
    "number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "社会保障号码", "社会保障号"),
    "doc_type": ("证件类型", "证件种类"),
    "employer": ("单位名称", "用人单位", "参保单位", "就业单位名称", "企业名称", "升学院校或单位名称"),
    "credit_code": ("统一社会信用代码", "单位统一社会信用代码", "信用代码"),
    "insured_as": ("参保类型", "人员类别", "参保身份"),
    "first_on": ("参保起始月", "参保开始日期", "参保日期", "参保起始年月"),
    "last_on": ("停保月", "参保终止月", "停保日期", "参保截止年月"),
    "place": ("参保地", "单位所在地", "工作地点", "住所", "经营场所", "单位地址"),
    "school": ("学校", "学校名称", "院校", "毕业院校", "学校代码", "学校标识码"),
    "major": ("专业", "专业名称"),
    "degree": ("学历", "学历层次", "层次"),
    "graduation_on": ("毕业日期", "毕业时间"),
    "code": ("毕业去向代码", "去向代码", "毕业去向类别代码", "毕业去向"),
    "started_on": ("就业起始日期", "报到日期", "入职日期", "起始日期"),
    "agreement": ("协议书编号", "网签协议编号", "就业协议编号"),
    "pay": ("月薪", "薪酬", "税前月薪"),
    "role": ("人员身份", "职务", "投资身份"),
    "status": ("登记状态", "经营状态", "企业状态"),
    "founded_on": ("成立日期", "注册日期"),
    "unit": ("填报单位", "区", "单位代码"),
    "month": ("月份", "统计月份"),
    "value": ("数值", "人数", "留汉人数"),
    "figure": ("口径", "数据口径"),
    "revision": ("版次", "修订号"),
    "document": ("文号", "依据文件"),
}
"""Headers under which each column is known; a list may have others besides."""

NEEDED: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.INSURANCE: ("name", "number", "employer", "first_on", "place"),
    ListKind.ROLL: ("name", "number", "school", "degree", "graduation_on"),
    ListKind.OUTCOMES: ("name", "number", "school", "code"),
    ListKind.LICENCES: ("name", "number", "employer", "credit_code", "role", "status", "founded_on", "place"),
    ListKind.FIGURES: ("unit", "month", "value", "figure", "revision", "document"),
}
"""Columns without which a list of a kind is not one."""


class ColumnsMissing(PlatformError):
    """A table that is not the list it was said to be."""

    message = N_("%(name)s 的表头里缺少：%(missing)s。请对照模板补上这些列，再重新导入。")


def columns_of(kind: ListKind, name: str) -> Callable[[Sequence[str]], Sequence[str] | None]:
    """Return what turns a line of a table into our names of its columns, ``None`` where it is no header."""
    known = {header: column for column, headers in HEADERS.items() for header in headers}

    def read(cells: Sequence[str]) -> Sequence[str] | None:
        found = [known.get(plain_header(cell), "") for cell in cells]
        missing = [HEADERS[column][0] for column in NEEDED[kind] if column not in found]
        if not missing:
            return found
        if len(missing) < len(NEEDED[kind]) and sum(map(bool, found)) > 1:
            raise ColumnsMissing(name=name, missing="、".join(missing))
        return None

    return read


def plain_header(cell: str) -> str:
    """Return a header as it is compared: half-width, no spaces, no remark in brackets behind it."""
    text = "".join(unicodedata.normalize("NFKC", cell).split()).strip("*:：﻿")
    return re.sub(r"\((?!经营者).*\)$", "", text).replace("(", "（").replace(")", "）")
