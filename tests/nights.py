"""Turns of the nightly market, for tests."""

from tests import factories as make
from webapp.database import Transaction
from webapp.services.market import run_market
from webapp.settings import Settings


def run(transaction: Transaction, settings: Settings, *, stop_after: int | None = None) -> int:
    """Run the market, or some blocks of it; return the blocks done in this turn."""
    turns = 0
    for turns, _ in enumerate(run_market(transaction, settings, clock=lambda: make.NOW), start=1):
        if turns == stop_after:
            break
    return turns
