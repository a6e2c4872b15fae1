"""Counting figures that are to be published, and holding reported ones against the ledger."""

from functools import partial

from huey import crontab

from webapp.clock import now
from webapp.database import Transaction, opened, reading_scope, transaction_on, transactions
from webapp.models import FigureCheck, Publication
from webapp.queries import publications as queries
from webapp.services import publications
from webapp.services.reconciliations import open_reconciliations
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="*"), retries=0)
@queue.lock_task("publications")
def count_figures() -> None:
    """Count what waits to be counted; what a killed worker left is found again a minute later."""
    with opened(Settings.from_environment().database_url) as engine:
        work_off(partial(reading_scope, engine), transactions(engine))


def work_off(reading: Transaction, writing: Transaction) -> None:
    """Count every waiting figure on an unmoving view that keeps no writer waiting, then keep the answer."""
    with reading() as session:
        asked, checks = queries.unfigured(session), queries.unchecked(session)
    for publication_id in asked:
        with reading() as session:
            answer = queries.answer_of(session, session.get_one(Publication, publication_id))
        with writing() as session:
            publications.keep_answer(session, publication_id=publication_id, answer=answer, at=now())
    for check_id in checks:
        with reading() as session:
            figure = queries.find_figure(session, session.get_one(FigureCheck, check_id).figure_id)
            counted, agrees = queries.count_again(session, figure)
        with writing() as session:
            publications.keep_check(session, check_id=check_id, value=counted.total, agrees=agrees, at=now())


@queue.periodic_task(crontab(hour="18", minute="10"), retries=2, retry_delay=60)
def reconcile() -> None:
    """Hold every reported figure against the ledger, ten past two at night in Wuhan."""
    with transaction_on(Settings.from_environment().database_url) as session:
        open_reconciliations(session, at=now())
