from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import services
from app.accounts.models import Invitation, Membership, MembershipRole, User
from app.core.database import db
from app.core.errors import RuleBroken
from tests import factories
from tests.accounts.mailbox import link_to, mails_to, templates_to
from tests.factories import NOW, PASSWORD

NEW = "new@example.org"
ADMIN, MEMBER = MembershipRole.ADMIN, MembershipRole.MEMBER


@pytest.fixture
def startup(app):
    return factories.make_organization()


@pytest.fixture
def admin(startup):
    return factories.make_user("김하나", email="hana@example.org", member_of=startup)


def invite(browser, startup, email=NEW, role="member"):
    return browser.post(f"/organizations/{startup.id}/invitations", data={"email": email, "role": role})


def roles_in(startup) -> dict[str, MembershipRole]:
    db.session.rollback()
    query = sa.select(User.name, Membership.role).join(Membership).where(Membership.organization_id == startup.id)
    return dict(db.session.execute(query).all())


def test_whoever_has_no_account_makes_one_by_the_invitation_and_is_in(browse_as, client, startup, admin):
    browser = browse_as(admin)
    assert invite(browser, startup, email=" New@Example.org", role="admin").status_code == 303
    assert NEW in browser.get(f"/organizations/{startup.id}").text
    link = link_to(NEW)
    page = client.get(link)
    assert startup.name.ko in page.text
    assert NEW in page.text
    assert 'type="email"' not in page.text  # the address is fixed
    assert roles_in(startup) == {"김하나": ADMIN}  # opening changes nothing
    done = client.post(link, data={"name": "박새롬", "password": PASSWORD, "email": "other@example.org"})
    assert (done.status_code, done.location) == (303, f"/organizations/{startup.id}")
    assert client.get(done.location).status_code == 200  # signed in
    assert roles_in(startup) == {"김하나": ADMIN, "박새롬": ADMIN}
    user = db.session.scalars(sa.select(User).where(User.email == NEW)).one()
    assert user.confirmed_at == NOW
    assert client.post(link, data={"name": "박새롬", "password": PASSWORD}).status_code == 410
    assert templates_to("hana@example.org") == ["invitation_accepted"]
    assert templates_to(NEW) == ["invitation"]
    assert (
        NEW not in browser.get(f"/organizations/{startup.id}").text.partition("구성원 초대")[0].partition("초대 중")[2]
    )


def test_bad_input_at_the_invitation_keeps_the_link(browse_as, client, startup, admin):
    invite(browse_as(admin), startup)
    link = link_to(NEW)
    page = client.post(link, data={"name": "박새롬", "password": "short"})
    assert page.status_code == 422
    assert "10자 이상으로 정해 주십시오. 지금은 5자입니다." in page.text
    assert 'value="박새롬"' in page.text
    assert client.get(link).status_code == 200


def test_whoever_has_an_account_signs_in_and_joins(browse_as, client, startup, admin):
    member = factories.make_user("이두리", email=NEW, language="en")
    invite(browse_as(admin), startup)
    assert "Invitation to join" in mails_to(NEW)[0].subject  # in the language of the invited
    link = link_to(NEW)
    assert f"/sign-in?next={link}" in client.get(link).text
    assert client.post(link).location.startswith("/sign-in?next=")
    theirs = browse_as(member)
    assert theirs.post(link).status_code == 303
    assert roles_in(startup) == {"김하나": ADMIN, "이두리": MEMBER}
    assert theirs.post(link).status_code == 410  # a double click


def test_another_account_cannot_take_the_invitation(browse_as, startup, admin):
    invite(browse_as(admin), startup)
    link = link_to(NEW)
    other = browse_as(factories.make_user("최다른", email="other@example.org"))
    page = other.get(link)
    assert "이 초대는 new@example.org 주소로 보냈으나" in page.text
    assert other.post(link).status_code == 422
    assert roles_in(startup) == {"김하나": ADMIN}
    out = other.post("/sign-out", data={"next": link})
    assert out.location == link


def test_an_unconfirmed_sign_up_of_a_stranger_does_not_get_in(browse_as, client, app, startup, admin):
    app.test_client().post("/sign-up", data={"name": "침입자", "email": NEW, "password": "the intruder's words"})
    invite(browse_as(admin), startup)
    client.post(link_to(NEW), data={"name": "박새롬", "password": PASSWORD})
    db.session.rollback()
    assert services.sign_in(NEW, "the intruder's words", now=NOW) is None
    assert services.sign_in(NEW, PASSWORD, now=NOW).name == "박새롬"


def test_inviting_again_sends_a_new_link_and_ends_the_old(browse_as, client, startup, admin):
    browser = browse_as(admin)
    invite(browser, startup)
    first = link_to(NEW)
    invite(browser, startup, role="admin")
    second = link_to(NEW)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert db.session.scalars(sa.select(Invitation)).one().role is ADMIN


def test_a_cancelled_invitation_leads_nowhere(browse_as, client, startup, admin):
    browser = browse_as(admin)
    invite(browser, startup)
    link = link_to(NEW)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    url = f"/organizations/{startup.id}/invitations/{invitation.id}/cancel"
    db.session.rollback()
    assert browser.post(url).status_code == 303
    assert client.get(link).status_code == 410
    assert browser.post(url).status_code == 404


def test_an_invitation_runs_out_after_two_weeks(browse_as, client, clock, startup, admin):
    browser = browse_as(admin)
    invite(browser, startup)
    link = link_to(NEW)
    clock.advance(days=14)
    assert client.get(link).status_code == 410
    assert "기한 만료" in browser.get(f"/organizations/{startup.id}").text


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("hana@example.org", "member", "hana@example.org 주소의 사용자는 이미 구성원입니다."),
        ("nonsense", "member", "이메일 주소를 hana@example.org처럼 입력해 주십시오."),
        ("", "member", "이메일 주소를 입력해 주십시오."),
        (NEW, "owner", "관리자 또는 구성원을 선택해 주십시오."),
    ],
)
def test_a_bad_invitation_is_told_beside_the_field(browse_as, startup, admin, email, role, sentence):
    page = invite(browse_as(admin), startup, email=email, role=role)
    assert page.status_code == 422
    assert sentence in page.text
    assert mails_to(NEW) == []


def test_members_neither_invite_nor_change_nor_remove(browse_as, startup, admin):
    member = factories.make_user("이두리", member_of=startup, role=MEMBER)
    browser, url = browse_as(member), f"/organizations/{startup.id}"
    assert invite(browser, startup).status_code == 404
    assert browser.post(f"{url}/members/{member.id}/role", data={"role": "admin"}).status_code == 404
    assert browser.post(f"{url}/members/{admin.id}/remove").status_code == 404
    assert "구성원 초대" not in browser.get(url).text
    assert roles_in(startup) == {"김하나": ADMIN, "이두리": MEMBER}
    with pytest.raises(RuleBroken):
        services.invite_member(startup, NEW, MEMBER, actor=member, now=NOW)
    with pytest.raises(RuleBroken):
        services.change_member_role(member.memberships[0], ADMIN, actor=member, now=NOW)


def test_an_admin_changes_roles_and_removes_and_the_person_is_told(browse_as, startup, admin):
    member = factories.make_user("이두리", email="duri@example.org", member_of=startup, role=MEMBER)
    browser, url = browse_as(admin), f"/organizations/{startup.id}/members/{member.id}"
    assert browser.post(f"{url}/role", data={"role": "admin"}).status_code == 303
    assert roles_in(startup)["이두리"] is ADMIN
    assert browser.post(f"{url}/role", data={"role": "nonsense"}).status_code == 303
    assert roles_in(startup)["이두리"] is ADMIN
    theirs = browse_as(member)
    assert theirs.get(f"/organizations/{startup.id}").status_code == 200
    assert browser.post(f"{url}/remove").status_code == 303
    assert browser.post(f"{url}/remove").status_code == 404
    assert roles_in(startup) == {"김하나": ADMIN}
    db.session.expire_all()
    assert theirs.get(f"/organizations/{startup.id}").status_code == 404
    assert templates_to("duri@example.org") == ["role_changed", "member_removed"]


def test_a_member_leaves(browse_as, startup, admin):
    member = factories.make_user("이두리", email="duri@example.org", member_of=startup, role=MEMBER)
    response = browse_as(member).post(f"/organizations/{startup.id}/members/{member.id}/remove")
    assert (response.status_code, response.location) == (303, "/organizations")
    assert roles_in(startup) == {"김하나": ADMIN}
    assert mails_to("duri@example.org") == []


def test_the_last_admin_neither_leaves_nor_steps_down(browse_as, startup, admin):
    factories.make_user("이두리", member_of=startup, role=MEMBER)
    browser, url = browse_as(admin), f"/organizations/{startup.id}"
    assert "마지막 관리자는 나갈 수 없습니다." in browser.get(url).text
    for path, data in (("remove", {}), ("role", {"role": "member"})):
        assert browser.post(f"{url}/members/{admin.id}/{path}", data=data).status_code == 303
        assert "마지막 관리자" in browser.get(url).text
    assert roles_in(startup) == {"김하나": ADMIN, "이두리": MEMBER}


def test_two_admins_cannot_both_step_down(startup, admin):
    """The second one's page was loaded before the first stepped down."""
    other = factories.make_user("이두리", member_of=startup)
    services.change_member_role(admin.memberships[0], MEMBER, actor=admin, now=NOW)
    with pytest.raises(RuleBroken):
        services.change_member_role(other.memberships[0], MEMBER, actor=other, now=NOW)


def test_members_of_other_organizations_are_not_there(browse_as, startup, admin):
    stranger = factories.make_user(member_of=factories.make_organization())
    url = f"/organizations/{startup.id}/members/{stranger.id}"
    browser = browse_as(admin)
    assert browser.post(f"{url}/role", data={"role": "member"}).status_code == 404
    assert browser.post(f"{url}/remove").status_code == 404


def test_a_person_has_roles_in_several_organizations(browse_as, startup, admin):
    host = factories.make_host()
    services.add_member(host, admin, role=MEMBER, actor=None, now=NOW)
    assert admin.role_in(startup.id) is ADMIN
    assert admin.role_in(host.id) is MEMBER
    with pytest.raises(RuleBroken):
        services.add_member(host, admin, role=ADMIN, actor=None, now=NOW)


def test_a_removed_member_can_be_invited_again(browse_as, client, startup, admin):
    browser = browse_as(admin)
    invite(browser, startup)
    client.post(link_to(NEW), data={"name": "박새롬", "password": PASSWORD})
    db.session.rollback()
    user = db.session.scalars(sa.select(User).where(User.email == NEW)).one()
    db.session.rollback()
    browser.post(f"/organizations/{startup.id}/members/{user.id}/remove")
    assert invite(browser, startup).status_code == 303
    assert client.post(link_to(NEW)).status_code == 303
    assert roles_in(startup)["박새롬"] is MEMBER


def test_an_invitations_expiry_is_kept(startup, admin):
    invitation = services.invite_member(startup, NEW, MEMBER, actor=admin, now=NOW)
    assert invitation.expires_at == NOW + timedelta(days=14)
