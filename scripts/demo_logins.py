"""Print one login for each audience of the demo programme."""

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from scripts.session import open_session
from webapp.domain.roles import Role
from webapp.models import User
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
        for role, name in NAMES.items():
            first = select(func.min(User.id)).where(User.role == role, User.email.like("%@example.com"))
            user = session.scalar(select(User).where(User.id == first.scalar_subquery()))
            if user is not None:
                table.add_row(name, user.email, PASSWORD)
    Console().print(table)
