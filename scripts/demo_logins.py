"""Print one login for each audience of the demo programme."""

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scripts.session import open_session
from webapp.domain.pipeline import FINAL
from webapp.domain.roles import Role, Scope
from webapp.models import Application, Graduate, Member, Officer, Posting, User
from webapp.services.demo import PASSWORD

NAMES = {
    Role.GRADUATE: "毕业生 graduate",
    Role.EMPLOYER: "用人单位 employer",
    Role.OFFICER: "工作人员 officer",
}


@click.command(help="Print the address and one login for each audience of the demo programme.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True)
def command(url: str) -> None:
    """Show the first demo account of each audience."""
    table = Table("", "login", "password", title=f"学子留汉  {url}/login")
    with open_session() as session:
        for role, email in busiest(session).items():
            table.add_row(NAMES[role], email, PASSWORD)
    Console().print(table)


def busiest(session: Session) -> dict[Role, str]:
    """Return the demo account of each audience with the most to look at."""
    open_ones = Application.stage.not_in(FINAL)
    graduate = (
        select(User.email)
        .join(Graduate, Graduate.user_id == User.id)
        .join(Application, Application.graduate_id == Graduate.id)
    )
    employer = (
        select(User.email)
        .join(Member, Member.user_id == User.id)
        .join(Posting, Posting.employer_id == Member.employer_id)
        .join(Application, Application.posting_id == Posting.id)
    )
    officer = select(User.email).join(Officer, Officer.user_id == User.id).where(Officer.scope == Scope.CITY)
    fullest = [
        (role, found.where(open_ones).group_by(User.id).order_by(func.count().desc(), User.id))
        for role, found in ((Role.GRADUATE, graduate), (Role.EMPLOYER, employer))
    ]
    chosen = [*fullest, (Role.OFFICER, officer.order_by(User.id))]
    return {role: session.scalars(found.limit(1)).one() or "" for role, found in chosen}
