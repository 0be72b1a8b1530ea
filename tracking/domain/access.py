"""Who may ask for what: one frozen picture of users, sessions, tokens and shares, and the callers that are held against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tracking.domain.directory import Device, Directory, RegionCard
from tracking.domain.rights import Rights
from tracking.domain.shares import Share


class Person(NamedTuple):
    """An active user. `stamp` changes with the password; `name` is told to readers."""

    rights: Rights
    stamp: bytes
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`sessions` are digests of the live ones, `api_tokens` users and `shares` what they open by digest.

    Logging in does not raise `revision`.
    """

    revision: int
    people: Mapping[int, Person]
    sessions: frozenset[bytes]
    api_tokens: Mapping[bytes, int]
    shares: Mapping[bytes, Share] = field(default_factory=dict)


class Office(NamedTuple):
    """The two pictures that a process keeps."""

    directory: Directory
    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user, as a session or an API token proved it.

    `proof` is the digest of the session's key or of the API token; `stamp` the password's at that time, None for an API token;
    `revision` a revision of Access at which the session was there; `expires_s` counts from 1970, None for no end.
    """

    user: int
    proof: bytes
    stamp: bytes | None = None
    revision: int = 0
    expires_s: float | None = None
    by_stream_token: bool = False

    def holds(self, access: Access) -> bool:
        """Neither logged out, nor revoked, nor disabled, nor is the password another one. Age is the caller's to see."""
        person = access.people.get(self.user)
        if person is None:
            return False
        if self.stamp is None:
            return access.api_tokens.get(self.proof) == self.user
        is_known = self.proof in access.sessions or self.revision >= access.revision
        return is_known and self.stamp == person.stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Whoever has a share's link, by the digest of its secret; `expires_s` counts from 1970."""

    share: bytes
    expires_s: float
    by_stream_token: bool = False

    def holds(self, access: Access) -> bool:
        """The share was not revoked, and its maker is still active."""
        share = access.shares.get(self.share)
        return share is not None and share.maker in access.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a person, a device (by the digest of its token), a person with a device, or a guest and nothing else."""

    login: Login | None = None
    device_token: bytes | None = None
    guest: Guest | None = None

    def holds(self, office: Office) -> bool:
        """False once anything that it rests on was withdrawn."""
        if self.guest is not None:
            return self.guest.holds(office.access)
        if self.device_token is not None and self.device_token not in office.directory.devices:
            return False
        return self.login is None or self.login.holds(office.access)

    def rights(self, office: Office) -> Rights | None:
        """What the person may see now; None without one."""
        person = self.person(office)
        return None if person is None else person.rights

    def person(self, office: Office) -> Person | None:
        return None if self.login is None else office.access.people.get(self.login.user)

    def share(self, office: Office) -> Share | None:
        """What a guest may see; None for everybody else, and once it was revoked."""
        return None if self.guest is None else office.access.shares.get(self.guest.share)

    def device(self, office: Office) -> Device | None:
        return None if self.device_token is None else office.directory.devices.get(self.device_token)

    def has_expired(self, now_s: float) -> bool:
        """`now_s` counts from 1970."""
        expires_s = self.expires_s
        return expires_s is not None and now_s >= expires_s

    @property
    def is_known(self) -> bool:
        return self != NOBODY

    @property
    def user(self) -> int | None:
        return None if self.login is None else self.login.user

    @property
    def reader(self) -> int | bytes | None:
        """The same for a user or the guests of a share, however they prove who they are; None for a device alone."""
        return self.user if self.guest is None else self.guest.share

    @property
    def key(self) -> int | bytes | None:
        """As `reader`, and the same for a device."""
        return self.device_token or self.reader

    @property
    def expires_s(self) -> float | None:
        proof = self.guest or self.login
        return None if proof is None else proof.expires_s

    def joined_by(self, other: "Caller") -> "Caller":
        """Both at once: what `other` proves wins. A guest is nobody else: a dispatcher who opens a link sees what it shows."""
        if other.guest is not None:
            return other
        return Caller(login=other.login or self.login, device_token=other.device_token or self.device_token)


NOBODY = Caller()


def watched_mark(rights: Rights, regions: Mapping[int, RegionCard]) -> str:
    """Another one when other regions may be watched or one of them has changed; the same in every process."""
    mark = 0
    for region, card in regions.items():
        if rights.may_watch(region):
            mark ^= card.version
    return f"{mark:016x}"
