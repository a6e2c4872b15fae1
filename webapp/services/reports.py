"""Snapshots for reports: gathered once, kept for good; reports let out by two officers."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.catalogues import institutions
from webapp.domain.clusters import cluster_name
from webapp.domain.dated import digest_of
from webapp.domain.dates import city_date
from webapp.domain.definitions import definition
from webapp.domain.differences import beside_reports
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.programme import outcome_codes, read_table, rulesets, unit_name
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Period, ReportOrder, ReportRelease, ReportSnapshot, User
from webapp.queries.followups import summed_on
from webapp.queries.ledger import head_on
from webapp.queries.publications import published_for
from webapp.queries.reports import STEPS, gather
from webapp.queries.reports.asked import Asked, Gathered
from webapp.queries.reports.kept import find_snapshot, public_definition
from webapp.queries.reports.occupations import occupations
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE
from webapp.services.verifications import officer_of

FORMAT = 1
"""Version of the content; another number means another reading of it."""
ID_SIGNS = 16
Tell = Callable[[int], None]
Content = dict[str, Any]


class DayNotOver(PlatformError):
    """A snapshot of a day that has not come yet."""

    message = N_("%(day)s 还没有到。请选择今天或以前的日期。")


class SameOfficer(PlatformError):
    """A report let out by the officer who asked for it."""

    message = N_("发布需要两名工作人员：提出的人不能自己批准。请由另一名市级工作人员批准。")


class OtherDefinitionPublic(PlatformError):
    """Reports of one day by two definitions: a reader could subtract their tables."""

    message = N_(
        "%(day)s 的报告已按口径 %(id)s 公开。同一天的报告只按一个口径公开：两个口径的表相减，可能露出个别人。"
        "请改用口径 %(id)s 的快照，或另选一天。"
    )


class OtherFigurePublic(PlatformError):
    """A report of a day for which a figure is public that a reader could subtract from its tables."""

    message = N_(
        "%(day)s 已公布过其他口径或某个单位的数字，和报告的表相减，可能露出个别人。请改为公开另一天的报告。"
    )


def order_snapshot(
    session: Session, *, by: User, period_id: str, definition_id: str, as_of: date, at: datetime
) -> ReportOrder:
    """Ask for a snapshot; the background gathers it."""
    if officer_of(session, by).scope is not Scope.CITY:
        raise NotAllowed
    _check(session, period_id, definition_id, as_of, at)
    order = ReportOrder(
        period_id=period_id,
        definition_id=definition_id,
        as_of=as_of,
        asked_by_id=by.id,
        asked_at=at,
        done=0,
        steps=len(STEPS),
    )
    session.add(order)
    session.flush()
    return order


def gather_content(
    session: Session,
    *,
    period_id: str,
    definition_id: str,
    as_of: date,
    at: datetime,
    tell: Tell | None = None,
) -> Content:
    """Return everything the reports of a day show; ``tell`` hears how many steps are done.

    The count is the ledger's of that day. Claims, follow-ups and postings are as they are known now, cut
    at the day by their own dates.
    """
    period = _check(session, period_id, definition_id, as_of, at)
    chosen = definition(definition_id)
    asked = Asked(period_id, chosen, as_of, head_on(session, as_of))
    tables: dict[str, Gathered] = {}
    for done, found in enumerate(gather(session, asked), start=1):
        tables |= found
        if tell:
            tell(done)
    summed = summed_on(session)
    return {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "period": {"id": period.id, "name": period.name, "status": period.status},
        "definition": {"id": chosen.id, "name": chosen.name, "says": chosen.says, "digest": chosen.digest},
        "ruleset": {"id": period.ruleset_id, "least": rulesets()[period.ruleset_id].suppress_below},
        "ledger": {"seq": asked.head.seq, "hash": asked.head.hash},
        "followed_until": summed.isoformat() if summed else None,
        "indices": digest_of(read_table("indices.json")),
        "names": _names(tables),
        "tables": {
            name: {"columns": one.columns, "rows": one.rows, "query": one.query}
            for name, one in tables.items()
        },
    }


def keep_snapshot(session: Session, content: Content, *, at: datetime, by_id: int | None) -> ReportSnapshot:
    """Keep what was gathered; the same state again is the snapshot that is there already."""
    text = canonical(content)
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept = session.get(ReportSnapshot, digest[:ID_SIGNS])
    if kept is None:
        kept = ReportSnapshot(
            id=digest[:ID_SIGNS],
            period_id=content["period"]["id"],
            definition_id=content["definition"]["id"],
            definition_digest=content["definition"]["digest"],
            ruleset_id=content["ruleset"]["id"],
            as_of=date.fromisoformat(content["as_of"]),
            seq=content["ledger"]["seq"],
            hash=content["ledger"]["hash"],
            digest=digest,
            made_at=at,
            made_by_id=by_id,
            content=text,
        )
        session.add(kept)
        session.flush()
    return kept


def note_progress(session: Session, *, order_id: int, done: int) -> None:
    """Write down how far an order is."""
    session.get_one(ReportOrder, order_id).done = done
    session.flush()


def finish_order(
    session: Session,
    *,
    order_id: int,
    at: datetime,
    content: Content | None = None,
    problem: str | None = None,
) -> ReportOrder:
    """Keep what an order gathered, or why nothing came of it."""
    order = session.get_one(ReportOrder, order_id)
    if content is not None:
        order.snapshot_id = keep_snapshot(session, content, at=at, by_id=order.asked_by_id).id
        order.done = order.steps
    order.finished_at, order.problem = at, problem
    session.flush()
    return order


def ask_release(session: Session, *, by: User, snapshot_id: str, name: str, at: datetime) -> ReportRelease:
    """Propose a report for the public; a second officer of the city lets it out."""
    _check_city(session, by)
    snapshot = find_snapshot(session, snapshot_id)
    if session.get(ReportRelease, (snapshot_id, name)) is not None:
        raise Conflict
    _check_alone(session, snapshot)
    release = ReportRelease(snapshot_id=snapshot.id, name=name, asked_by_id=by.id, asked_at=at)
    session.add(release)
    session.flush()
    _note(session, by, "ask_release", release, at)
    return release


def approve_release(
    session: Session, *, by: User, snapshot_id: str, name: str, at: datetime
) -> ReportRelease:
    """Let a report out: from now on anybody may read its public edition."""
    _check_city(session, by)
    release = session.get(ReportRelease, (snapshot_id, name), with_for_update=True)
    if release is None:
        raise NotFound
    if release.approved_at is not None:
        raise Conflict
    if release.asked_by_id == by.id:
        raise SameOfficer
    _check_alone(session, find_snapshot(session, snapshot_id))
    release.approved_by_id, release.approved_at = by.id, at
    session.flush()
    _note(session, by, "approve_release", release, at)
    return release


def canonical(content: Content) -> str:
    """Return content as the one JSON text it has."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(session: Session, period_id: str, definition_id: str, as_of: date, at: datetime) -> Period:
    definition(definition_id)
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    if as_of > city_date(at):
        raise DayNotOver(day=as_of)
    return period


def _check_alone(session: Session, snapshot: ReportSnapshot) -> None:
    """Refuse what could be subtracted from what is public of the day; a period decides one at a time."""
    session.get_one(Period, snapshot.period_id, with_for_update=True)
    public = public_definition(session, snapshot.period_id, snapshot.as_of)
    if public not in {None, snapshot.definition_id}:
        raise OtherDefinitionPublic(day=snapshot.as_of, id=public)
    figures = published_for(session, snapshot.period_id, snapshot.as_of)
    if not all(beside_reports(one.definition_id, one.unit, snapshot.definition_id) for one in figures):
        raise OtherFigurePublic(day=snapshot.as_of)


def _check_city(session: Session, by: User) -> None:
    if officer_of(session, by).scope is not Scope.CITY:
        raise NotAllowed


def _note(session: Session, by: User, action: str, release: ReportRelease, at: datetime) -> None:
    subject = f"report:{release.snapshot_id}:{release.name}"
    record_deed(session, by=by, action=action, subject=subject, at=at, on_behalf_of=OFFICE)


_NAMES: Mapping[str, Callable[[str], str]] = {
    "unit": unit_name,
    "cluster": cluster_name,
    "outcome_code": lambda code: outcome_codes()[code].name if code in outcome_codes() else code,
    "occupation": lambda code: occupations()[code].name if code in occupations() else code,
    "institution_code": lambda code: institutions()[code].name if code in institutions() else code,
    "province": lambda code: institutions()[code].province if code in institutions() else "",
}
"""Where the names of codes come from; a snapshot keeps those it uses, so that no list changes a report."""


def _names(tables: Mapping[str, Gathered]) -> Mapping[str, Mapping[str, str]]:
    used = {name: sorted(_used(tables.values(), name)) for name in _NAMES if name != "province"}
    used["province"] = used["institution_code"]
    return {name: {code: _NAMES[name](code) for code in codes} for name, codes in used.items()}


def _used(tables: Iterable[Gathered], name: str) -> set[str]:
    return {
        str(row[table.columns.index(name)])
        for table in tables
        if name in table.columns
        for row in table.rows
        if row[table.columns.index(name)] is not None
    }
