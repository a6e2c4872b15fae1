"""Work spread over several processes, none of which outlives whoever asked."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

AHEAD = 2
"""So many pieces a process are handed out at a time: results that nobody took yet need memory."""


def spread_over(processes: int, work: Callable[[Any], Any], pieces: Iterable[Any]) -> Iterator[Any]:
    """Yield the results for all pieces of some work in the order in which fresh processes finish them.

    An interrupt of the whole group, as Ctrl-C is one, reaches only whoever asked. Whoever stops listening
    waits for the pieces that are being worked on.
    """
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_leave_with_parent)
    pieces = iter(pieces)
    try:
        with _interrupts_held():  # by the processes too: they start here
            waiting = {pool.submit(work, piece) for piece in islice(pieces, AHEAD * processes)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.submit(work, piece) for piece in islice(pieces, len(done))}
            for one in done:
                yield one.result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let interrupts of this thread wait."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_with_parent() -> None:
    """End with the process that asked, should that be killed: nobody else would tell this one."""

    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
