"""Rank live postings for a resume file."""

import json
from pathlib import Path

import click

from matcher.documents import Conditions, Match
from scripts._options import as_json
from scripts.session import open_session, settings
from webapp.clock import today
from webapp.queries.postings import postings_in_order
from webapp.reading.files import read_resume
from webapp.services.matching import Matching
from webapp.services.resumes import read_document


@click.command(help="Rank live postings for a resume (PDF, DOCX or TXT) and say why each fits.")
@click.option("--resume", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True)
@click.option("--query", default="", help="What to look for besides, in plain Chinese.")
@as_json
def command(file: Path, top: int, query: str, as_json: bool) -> None:
    """Read the file, rank, print."""
    matching = Matching(encoder=settings().encoder, folder=settings().snapshots)
    resume = read_document(read_resume(file.read_bytes(), file.name).text)
    with open_session() as session:
        ranking = matching.rank_postings_for(
            session,
            resume=resume,
            conditions=Conditions(degree=resume.degree or None),
            today=today(),
            query=query,
            top=top,
        )
        postings = postings_in_order(session, [match.id for match in ranking.matches])
        rows = [
            printable(match, title=posting.title, employer=posting.employer.name)
            for match, posting in zip(ranking.matches, postings, strict=True)
        ]
    show(rows, as_json=as_json, eligible=ranking.eligible)


def printable(match: Match, **named: str) -> dict[str, object]:
    """Return one match as the JSON object the command prints."""
    return {
        "id": match.id,
        **named,
        "score": round(match.score, 4),
        "reasons": [reason.sentence for reason in match.reasons],
        "missing": [reason.sentence for reason in match.missing],
    }


def show(rows: list[dict[str, object]], *, as_json: bool, eligible: int) -> None:
    """Print ranked rows for a person or as JSON."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    click.echo(f"{len(rows)} of {eligible} eligible")
    for number, row in enumerate(rows, start=1):
        click.echo(f"{number:>3}. {row['score']:.3f}  {row['title']}  {row['employer']}  #{row['id']}")
        for mark, part in (("+", "reasons"), ("-", "missing")):
            for sentence in row[part]:  # type: ignore[attr-defined]
                click.echo(f"       {mark} {sentence}")
