import sqlalchemy as sa

from app.accounts.models import MembershipRole, Organization, OrganizationKind
from app.core.database import db
from tests import factories
from tests.accounts.mailbox import link_to, templates_to
from tests.factories import PASSWORD

ADDRESS = "hana@example.org"


def create_host(app, *arguments):
    db.session.commit()
    return app.test_cli_runner().invoke(args=["accounts", "create-host", *arguments])


def the_host() -> Organization:
    db.session.rollback()
    return db.session.scalars(sa.select(Organization)).one()


def test_a_host_is_made_for_somebody_with_an_account(app):
    user = factories.make_user(email=ADDRESS)
    result = create_host(
        app, "--name-ko", "서울핀테크랩", "--name-en", "Seoul Fintech Lab", "--admin", "Hana@example.org"
    )
    assert result.exit_code == 0, result.output
    assert "Seoul Fintech Lab" in result.output
    assert the_host().kind is OrganizationKind.HOST
    db.session.refresh(user, ["memberships"])
    assert user.role_in(the_host().id) is MembershipRole.ADMIN


def test_a_host_is_made_for_somebody_who_is_invited(app, client):
    result = create_host(app, "--name-ko", "서울핀테크랩", "--admin", ADDRESS, "--accent", "#0b5d3b")
    assert result.exit_code == 0, result.output
    assert templates_to(ADDRESS) == ["invitation"]
    link = link_to(ADDRESS)
    assert link in result.output
    done = client.post(link, data={"name": "김하나", "password": PASSWORD})
    assert done.location == f"/organizations/{the_host().id}"
    assert "관리자" in client.get(done.location).text


def test_what_cannot_be_made_is_said_in_a_line_and_leaves_nothing(app):
    for arguments in (
        ["--admin", ADDRESS],
        ["--name-ko", "기관", "--admin", "nonsense"],
        ["--name-ko", "기관", "--admin", ADDRESS, "--accent", "#ffff00"],
    ):
        result = create_host(app, *arguments)
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert "Traceback" not in result.output
        db.session.rollback()
        assert db.session.scalars(sa.select(Organization)).all() == []
