"""Finds, starts or installs what a run needs, in this order, and says what it does."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from .children import Children

Say = Callable[[str], None]


class Missing(Exception):
    """Something is not there and cannot be had; carries the whole message for the person."""


class Need(Protocol):
    """Something that the command finds in the environment under `variable`."""

    name: str
    variable: str
    packages: Sequence[str]
    """Debian's and Ubuntu's."""
    advice: str
    """How else to get it."""

    def find_given(self, environment: Mapping[str, str], say: Say) -> str | None:
        """What the environment names, if it can be used."""

    def find_running(self) -> str | None:
        """What runs on this machine anyway."""

    def start(self, children: Children, folder: Path, say: Say) -> str | None:
        """One of its own from installed programs; None when there are none."""


def provide(
    needs: Sequence[Need],
    *,
    environment: Mapping[str, str],
    children: Children,
    folder: Path,
    say: Say,
    ignore_running: bool = False,
    prefer_own: bool = False,
    may_install: bool = True,
) -> dict[str, str]:
    """The variables to set. `folder` is for private data; `prefer_own`: what runs comes after what can be started. Raises Missing."""
    found: dict[str, str] = {}
    missing: list[Need] = []
    for need in needs:
        value = need.find_given(environment, say)
        if value is None and prefer_own:
            value = need.start(children, folder, say)
        if value is None and not ignore_running:
            value = need.find_running()
        if value is None and not prefer_own:
            value = need.start(children, folder, say)
        if value is None:
            missing.append(need)
        else:
            found[need.variable] = value
    if missing and may_install:
        install([package for need in missing for package in need.packages], say)
    for need in missing:
        if (value := need.start(children, folder, say)) is None:
            raise Missing(without(missing))
        found[need.variable] = value
    return found


def without(missing: Sequence[Need]) -> str:
    lines = [f"  {need.name}: apt-get install {' '.join(need.packages)}, or {need.advice}" for need in missing]
    return "\n".join(["These are needed and were not found:", *lines])


def install(packages: Sequence[str], say: Say) -> None:
    """With apt-get, when there is one and the right to use it. Raises Missing when it fails."""
    if not (command := apt_get()):
        return
    say(f"installing with apt-get: {' '.join(packages)} (once; a minute or two)")
    run_quietly([*command, "update", "-q"])
    run_quietly([*command, "install", "-q", "-y", "--no-install-recommends", *packages])


def apt_get() -> list[str] | None:
    """apt-get as root, or by sudo without a password."""
    if not shutil.which("apt-get"):
        return None
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return command
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", *command]
    return None


def run_quietly(command: Sequence[str], *, folder: Path | None = None, user: str | None = None) -> None:
    """Shows the command's output only when it fails, and raises Missing then."""
    with Children() as children, tempfile.TemporaryFile() as output:
        child = children.start(command, folder=folder, user=user, log=output, errors=output)
        if child.wait():
            output.seek(0)
            text = output.read().decode(errors="replace")[-4000:]
            raise Missing(f"`{' '.join(command)}` has failed:\n{text}")
