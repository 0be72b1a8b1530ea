"""Runs one of the load programs."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.servers import ROOT

LONGEST_S = 180


def run_load(kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Its figures. Raises RuntimeError when it met errors, or failed since the server did not answer it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.load.{kind}"],
            cwd=ROOT,
            input=json.dumps(settings),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST_S,
        )
    except subprocess.SubprocessError as error:
        raise RuntimeError(f"the load failed: {type(error).__name__}") from error
    figures: dict[str, Any] = json.loads(done.stdout)
    if figures["errors"]:
        raise RuntimeError(f"the load met errors: {figures['errors']}")
    return figures
