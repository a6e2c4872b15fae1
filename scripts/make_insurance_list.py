"""Write a social-insurance list of the made-up city, to measure the import on."""

import csv
from pathlib import Path

import click

from webapp.services.city import draw_city
from webapp.services.city.lists import COLUMNS, insurance_list
from webapp.services.city.plan import LARGEST


@click.command(help="Write an invented social-insurance list (CSV) for the city of the same size and seed.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--graduates", type=click.IntRange(100, LARGEST), default=10_000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="Seed the city was made with.")
@click.option("--rows", type=click.IntRange(1, 5_000_000), default=5_000, show_default=True)
def command(file: Path, graduates: int, seed: int, rows: int) -> None:
    """Draw the city again and write its list."""
    city = draw_city(graduates=graduates, seed=seed)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(COLUMNS)
        lines.writerows(insurance_list(city, rows=rows, seed=seed))
    click.echo(f"{rows:,} rows in {file}.")
