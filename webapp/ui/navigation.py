"""The way around: what each audience finds in the header, and addresses that keep their filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from webapp.domain.roles import Role
from webapp.domain.words import N_

PUBLIC: Sequence[tuple[str, str]] = (
    ("pages.postings", N_("找岗位")),
    ("pages.definition", N_("留汉人数怎么算")),
    ("pages.about", N_("关于与投诉")),
)
BY_ROLE: Mapping[Role, Sequence[tuple[str, str]]] = {
    Role.GRADUATE: (
        ("graduates.today", N_("今日")),
        ("graduates.matches", N_("匹配")),
        ("graduates.applications", N_("我的投递")),
        ("graduates.resume", N_("简历")),
        ("graduates.profile", N_("资料")),
        ("graduates.access_log", N_("谁看过我")),
    ),
    Role.EMPLOYER: (
        ("employers.desk", N_("工作台")),
        ("employers.postings", N_("岗位")),
        ("employers.candidates", N_("候选人")),
        ("employers.organisation", N_("单位资料")),
    ),
    Role.OFFICER: (
        ("officers.overview", N_("总览")),
        ("officers.queue", N_("待办")),
    ),
}
GROUPS: Mapping[Role, Sequence[tuple[str, Sequence[tuple[str, str]]]]] = {
    Role.OFFICER: (
        (
            N_("核验"),
            (
                ("officers.employers", N_("单位核验")),
                ("officers.postings", N_("岗位")),
                ("officers.placements", N_("去向核验")),
                ("officers.graduates", N_("学历核验")),
            ),
        ),
        (
            N_("计数"),
            (
                ("officers.breakdown", N_("留汉人数分解")),
                ("officers.map", N_("各区与功能区")),
                ("officers.definitions", N_("口径对照")),
                ("officers.reported", N_("上报与可追溯")),
                ("officers.published", N_("公布的数字")),
                ("officers.ledger", N_("计数账本")),
                ("officers.corrections", N_("账本更正")),
            ),
        ),
        (
            N_("跟踪与抽查"),
            (
                ("officers.follow_ups", N_("留汉跟踪")),
                ("officers.audits", N_("随机抽查")),
                ("officers.rates", N_("毕业去向")),
            ),
        ),
        (
            N_("计划"),
            (
                ("officers.indicators", N_("规划指标")),
                ("officers.planner", N_("缺口分析")),
                ("officers.periods", N_("时期与目标")),
                ("officers.posts", N_("岗位账本")),
                ("officers.bases", N_("见习基地与工作站")),
            ),
        ),
        (N_("报表"), (("officers.reports", N_("报告")),)),
        (
            N_("系统"),
            (
                ("officers.imports", N_("导入记录")),
                ("officers.market", N_("夜间匹配")),
                ("officers.officers", N_("工作人员名册")),
                ("officers.audit", N_("审计日志")),
                ("officers.background", N_("后台工作")),
            ),
        ),
    ),
}
"""Entries that stand together under a word, each group shown only where some page of it may be opened."""
LANGUAGES: Mapping[str, str] = {"zh_Hans_CN": "中文", "en": "English"}


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Entries that stand together under a word."""

    label: str
    items: Sequence[Item]

    @property
    def current(self) -> bool:
        """Say whether the page is one of these."""
        return any(item.current for item in self.items)


def role() -> Role | None:
    """Return the reader's role, or nothing for a visitor."""
    return current_user.role if current_user.is_authenticated else None


def navigation(section: str | None = None) -> list[Item]:
    """Return the reader's entries, the current one marked.

    ``section`` is the endpoint a page belongs to; without it the entry whose address is the longest
    beginning of the page's own is taken.
    """
    reader = role()
    here = section or _nearest(reader)
    return _items(BY_ROLE[reader] if reader else PUBLIC, here)


def groups(section: str | None = None) -> list[Group]:
    """Return the reader's groups of entries that hold a page for them, the current entry marked."""
    reader = role()
    here = section or _nearest(reader)
    listed = [Group(_(text), _items(entries, here)) for text, entries in _grouped(reader)]
    return [group for group in listed if group.items]


def home() -> str:
    """Return the address of the reader's own first page."""
    reader = role()
    endpoint = BY_ROLE[reader][0][0] if reader else "pages.home"
    return url_for(endpoint if has_page(endpoint) else "pages.home")


def address_with(**changes: object) -> str:
    """Return this page's address with some of its query replaced, or dropped where None."""
    query = request.args.to_dict(flat=False)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = [str(value)]
    values: dict[str, Any] = {**(request.view_args or {}), **query}
    return url_for(request.endpoint or "pages.home", **values)


def local_address(wanted: str | None) -> str:
    """Return an address if it leads to a page of ours, else the reader's own first page."""
    wanted = wanted or ""
    parts = urlsplit(wanted)
    local = parts.path.startswith("/") and not parts.netloc and not parts.scheme
    odd = "\\" in wanted or wanted.startswith("//") or not wanted.isprintable()
    return wanted.rstrip("?") if local and not odd else home()


def has_page(endpoint: str) -> bool:
    """Say whether an endpoint exists in this installation."""
    return endpoint in current_app.view_functions


def may_open(endpoint: str) -> bool:
    """Say whether a page exists and, for officers, whether their scope opens it."""
    scopes = getattr(current_app.view_functions.get(endpoint), "scopes", None)
    in_scope = scopes is None or role() is not Role.OFFICER or current_user.officer.scope in scopes
    return has_page(endpoint) and in_scope


def register(app: Flask) -> None:
    """Give every template the ways around."""
    app.jinja_env.globals.update(
        navigation=navigation,
        navigation_groups=groups,
        reader_home=home,
        address_with=address_with,
        has_page=has_page,
        may_open=may_open,
        languages=LANGUAGES,
    )


def _grouped(reader: Role | None) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    return GROUPS.get(reader, ()) if reader else ()


def _items(entries: Sequence[tuple[str, str]], here: str | None) -> list[Item]:
    return [
        Item(_(text), url_for(endpoint), endpoint == here) for endpoint, text in entries if may_open(endpoint)
    ]


def _nearest(reader: Role | None) -> str | None:
    """Return the entry whose address is the longest beginning of the page's own."""
    entries = [
        *(BY_ROLE[reader] if reader else PUBLIC),
        *(one for _, all_ in _grouped(reader) for one in all_),
    ]
    linked = [(endpoint, url_for(endpoint)) for endpoint, _text in entries if may_open(endpoint)]
    path = request.path.rstrip("/") + "/"
    fitting = [pair for pair in linked if path.startswith(pair[1].rstrip("/") + "/")]
    return max(fitting, key=lambda pair: len(pair[1]))[0] if fitting else None
