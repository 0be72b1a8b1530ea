"""Whether a caller's proof still holds."""

import pytest

from tests.builders import (
    BOSS,
    VAN_TOKEN,
    WATCHER,
    make_access,
    make_caller,
    make_directory,
    make_login,
    make_office,
    session_digest,
)
from tracking.domain.access import NOBODY, Login, Person
from tracking.domain.rights import Rights
from tracking.models import token_digest

BOSS_RIGHTS = make_access().people[BOSS].rights
API_TOKEN = token_digest("api token")


def test_a_session_holds_while_it_is_there() -> None:
    assert make_login().holds(make_access())
    assert not make_login().holds(make_access(revision=2, sessions=frozenset()))


def test_a_session_newer_than_the_picture_holds() -> None:
    """Logging in raises no revision; a picture that is newer than the login shows its session, unless it is gone."""
    login = make_login(proof=token_digest("new"), revision=1)
    assert login.holds(make_access(revision=1))
    assert not login.holds(make_access(revision=2))


@pytest.mark.parametrize(
    "people",
    [{}, {BOSS: Person(BOSS_RIGHTS, b"another password")}],
    ids=["disabled", "password changed"],
)
def test_a_disabled_user_or_a_changed_password_ends_a_session(people: dict[int, Person]) -> None:
    assert not make_login().holds(make_access(people=people))


def test_an_api_token_holds_while_it_is_its_users() -> None:
    login = Login(user=BOSS, proof=API_TOKEN)
    assert login.holds(make_access(api_tokens={API_TOKEN: BOSS}))
    assert not login.holds(make_access(api_tokens={API_TOKEN: WATCHER}))
    assert not login.holds(make_access())
    assert not login.holds(make_access(api_tokens={API_TOKEN: BOSS}, people={}))


def test_both_proofs_of_a_caller_must_hold() -> None:
    caller = make_caller(BOSS, token=VAN_TOKEN)
    assert caller.holds(make_office())
    assert not caller.holds(make_office(directory=make_directory(devices={})))
    assert not caller.holds(make_office(access=make_access(people={})))


def test_rights_and_device_are_those_of_now() -> None:
    caller = make_caller(BOSS, token=VAN_TOKEN)
    fewer = Rights(user=BOSS, everything=False, regions=frozenset())
    office = make_office(access=make_access(people={BOSS: Person(fewer, b"stamp")}))
    assert (caller.rights(make_office()), caller.rights(office)) == (BOSS_RIGHTS, fewer)
    assert caller.device(office) == make_directory().devices[token_digest(VAN_TOKEN)]
    assert (NOBODY.rights(office), NOBODY.device(office), NOBODY.is_known) == (None, None, False)


def test_a_later_proof_wins_and_keeps_the_other_kind() -> None:
    first, device = make_caller(BOSS, expires_s=1), make_caller(token=VAN_TOKEN)
    both = first.joined_by(device).joined_by(make_caller(BOSS, expires_s=2))
    assert both == make_caller(BOSS, token=VAN_TOKEN, expires_s=2)


def test_a_proof_without_an_end_never_expires() -> None:
    assert not make_caller(token=VAN_TOKEN).has_expired(1e12)
    assert make_caller(BOSS, expires_s=5).has_expired(5) and session_digest(BOSS) in make_access().sessions
