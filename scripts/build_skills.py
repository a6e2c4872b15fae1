"""Make the skill vocabulary from a corpus folder and the reviewed lists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

TAXONOMY = Path(__file__).parent.parent / "data" / "taxonomy"


@click.command(name="build-skills")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=TAXONOMY / "skills.csv")
@click.option("--propose", type=int, help="Also list what so many postings name and nobody decided on.")
def command(corpus: Path, out: Path, propose: int | None) -> None:
    """Write the vocabulary to OUT; decisions are read from data/taxonomy/skills_review.csv."""
    from matcher.training import vocabulary

    skills = vocabulary.build(corpus, TAXONOMY)
    vocabulary.write(skills, out)
    majors = vocabulary.major_categories(TAXONOMY)
    click.echo(f"{out}: {len(skills)} terms, {sum(len(skill.aliases) for skill in skills)} aliases")
    for major, terms in Counter(majors[skill.category] or "通用" for skill in skills).most_common():
        click.echo(f"  {major} {terms}")
    for name, count in vocabulary.proposals(corpus, TAXONOMY, propose) if propose else ():
        click.echo(f"? {name} {count}")
