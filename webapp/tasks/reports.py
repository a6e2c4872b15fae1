"""Gathering snapshots for reports that officers have ordered, outside the request."""

from functools import partial

from huey import crontab

from webapp.clock import now
from webapp.database import Transaction, opened, reading_scope, transactions
from webapp.domain.errors import PlatformError
from webapp.models import ReportOrder
from webapp.queries.reports.kept import orders_open
from webapp.services.reports import finish_order, gather_content, note_progress
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="*"), retries=0)
@queue.lock_task("reports")
def make_snapshots() -> None:
    """Gather what was ordered; what a killed worker left is found again a minute later."""
    with opened(Settings.from_environment().database_url) as engine:
        work_off(partial(reading_scope, engine), transactions(engine))


def work_off(reading: Transaction, writing: Transaction) -> None:
    """Gather every open order on an unmoving view that keeps no writer waiting, and keep it."""
    with reading() as session:
        orders = [one.id for one in session.scalars(orders_open())]
    for order_id in orders:
        _gather(order_id, reading, writing)


def _gather(order_id: int, reading: Transaction, writing: Transaction) -> None:
    def tell(done: int) -> None:
        with writing() as session:
            note_progress(session, order_id=order_id, done=done)

    content, problem = None, None
    try:
        with reading() as session:
            order = session.get_one(ReportOrder, order_id)
            content = gather_content(
                session,
                period_id=order.period_id,
                definition_id=order.definition_id,
                as_of=order.as_of,
                at=now(),
                tell=tell,
            )
    except PlatformError as refusal:
        problem = str(refusal)
    with writing() as session:
        finish_order(session, order_id=order_id, at=now(), content=content, problem=problem)
