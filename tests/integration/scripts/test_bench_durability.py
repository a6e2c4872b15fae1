"""A short turn of the durability benchmark: one kill of each part loses nothing."""

import json

import pytest
from click.testing import CliRunner

from scripts.__main__ import main
from tests.conftest import need, postgres_binary


@pytest.mark.slow
def test_a_kill_of_each_part_loses_nothing() -> None:
    need(postgres_binary("initdb"), "PostgreSQL is missing: apt-get install postgresql")
    ran = CliRunner().invoke(
        main, ["bench", "durability", "--rounds", "3", "--seconds", "1", "--json"], catch_exceptions=False
    )
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert found["kills"] == {"kill_web": 1, "kill_worker": 1, "kill_database": 1}
    assert all(found["acknowledged"].values())
    assert found["lost"] == {"accounts": 0, "postings": 0, "letters": 0}
    assert found["index_differences"] == 0
