"""Lists handed in, as the worker takes them up: a killed one is gone on with."""

import pytest
from sqlalchemy import Engine, select

from tests.factories import NOW, make_officer, make_period
from webapp.database import session_factory, session_scope
from webapp.domain.lists import ListKind
from webapp.models import ImportRun, ReportedFigure
from webapp.services.imports.files import hand_in
from webapp.settings import Settings
from webapp.tasks import imports

LIST = "填报单位,月份,人数,口径,版次,文号\n" + "".join(
    f"洪山区,2026-0{month},{month}00,当月,1,文\n" for month in range(1, 6)
)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with session_scope(session_factory(engine)) as session:
        make_period(session)
        hand_in(
            session,
            by=make_officer(session).user,
            kind=ListKind.FIGURES,
            filename="上报.csv",
            content=LIST.encode(),
            at=NOW,
            key=Settings().fernet_key,
        )
    return engine


def test_the_worker_reads_what_was_handed_in_once(engine: Engine) -> None:
    for _minute in range(2):
        imports.take_lists.call_local()
    with session_scope(session_factory(engine)) as session:
        run = session.scalars(select(ImportRun)).one()
        assert (run.total, run.done, run.findings) == (5, 5, {"recorded": 5})
        assert run.finished_at is not None
        assert len(session.scalars(select(ReportedFigure)).all()) == 5


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = imports.read_list, []

    def killed(*given: object, **named: object) -> None:
        def told(done: int, _total: int) -> None:
            calls.append(done)
            raise KeyboardInterrupt

        real(*given, **named, size=2, told=told)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(imports, "read_list", killed)
        with pytest.raises(KeyboardInterrupt):
            imports.take_lists.call_local()
    assert calls == [2]
    imports.take_lists.call_local()
    with session_scope(session_factory(engine)) as session:
        run = session.scalars(select(ImportRun)).one()
        assert (run.done, run.findings) == (5, {"recorded": 5})
