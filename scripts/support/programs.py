"""Programs that tests start by themselves."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .children import Children
from .provision import Say

STARTS_WITHIN_S = 30.0


class Program:
    """`given` is the variable by which a person names it; `version` the option that makes it print its version, and
    `version_code` with what it exits then."""

    def __init__(
        self,
        *,
        name: str,
        given: str,
        candidates: Sequence[str],
        version: str,
        packages: Sequence[str],
        advice: str,
        version_code: int = 0,
    ) -> None:
        self.name = name
        self.variable = f"TEST_{given}"
        self.packages = packages
        self.advice = advice
        self._given = given
        self._candidates = candidates
        self._version = version
        self._version_code = version_code

    def find_given(self, environment: Mapping[str, str], say: Say) -> str | None:
        path = environment.get(self._given)
        if not path or self._works(path):
            return path or None
        say(f"{self.name}: what {self._given} names does not run; looking for another")
        return None

    def find_running(self) -> str | None:
        """Tests start their own."""
        return None

    def start(self, children: Children, folder: Path, say: Say) -> str | None:
        return next(filter(self._works, self._installed()), None)

    def _installed(self) -> list[str]:
        """Also where the system's own programs are, which a person's PATH may leave out."""
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
        return [found for name in self._candidates if (found := shutil.which(name, path=path))]

    def _works(self, path: str) -> bool:
        """Some systems have a script of the name that only says how to install it."""
        try:
            done = subprocess.run([path, self._version], capture_output=True, timeout=STARTS_WITHIN_S, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == self._version_code


def make_chromium() -> Program:
    """The one without windows first: the same pages for a third less CPU."""
    return Program(
        name="Chromium",
        given="CHROMIUM",
        candidates=("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        version="--version",
        packages=("chromium-headless-shell", "fonts-dejavu-core"),
        advice="set CHROMIUM to the path of a Chromium or Chrome",
    )


def make_nginx() -> Program:
    return Program(
        name="nginx",
        given="NGINX",
        candidates=("nginx",),
        version="-v",
        packages=("nginx-light",),
        advice="set NGINX to the path of an nginx",
    )


def make_haproxy() -> Program:
    return Program(
        name="haproxy",
        given="HAPROXY",
        candidates=("haproxy",),
        version="-v",
        packages=("haproxy",),
        advice="set HAPROXY to the path of an haproxy",
    )


def make_mosquitto() -> Program:
    return Program(
        name="Mosquitto",
        given="MOSQUITTO",
        candidates=("mosquitto",),
        version="-h",
        version_code=3,  # as for an unknown option
        packages=("mosquitto",),
        advice="set MOSQUITTO to the path of a mosquitto",
    )
