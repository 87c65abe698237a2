"""Commands for whoever runs the server: the first organizer, whom no page can make."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import services
from app.accounts.models import MembershipRole, OrganizationKind
from app.accounts.services.sign_people_up import find_user
from app.core.bilingual import Bilingual
from app.core.database import db
from app.core.errors import RuleBroken
from app.web.clock import now

accounts_cli = AppGroup("accounts", help="People and organizations.")


@accounts_cli.command("create-host")
@click.option("--name-ko", default="", help="The organizer's name in Korean.")
@click.option("--name-en", default="", help="The organizer's name in English.")
@click.option("--admin", "email", required=True, help="The e-mail address of its first admin.")
@click.option("--accent", default="", help="The colour of its pages, such as #2146c7.")
def create_host(name_ko: str, name_en: str, email: str, accent: str) -> None:
    """Make an organizer. Its admin joins at once where that address has an account, else by the invitation mailed there."""
    facts = services.Facts(Bilingual(name_ko, name_en), accent=accent)
    try:
        host = services.make_organization(OrganizationKind.HOST, facts, actor=None, now=now())
        user = find_user(email.strip().lower())
        if user is not None and user.confirmed_at is not None:
            services.add_member(host, user, role=MembershipRole.ADMIN, actor=None, now=now())
            told = f"{user.email} is its admin"
        else:
            _invitation, token = services.write_invitation(host, email, MembershipRole.ADMIN, actor=None, now=now())
            told = f"invited {email} as its admin: {current_app.config['BASE_URL']}/invitations/{token}"
    except RuleBroken as refusal:
        db.session.rollback()
        raise click.ClickException(refusal.sentence) from None
    db.session.commit()
    click.echo(f"{host.name.in_language('en')} ({host.id}): {told}")
