"""Calls of the office database: what is told as an outage."""

import pytest
from django.db import DataError, OperationalError

from tracking.domain.errors import Unavailable
from tracking.ingest.mail import in_office


def fail(error: Exception) -> None:
    raise error


async def test_a_database_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await in_office(fail, OperationalError("gone"))


async def test_what_a_database_cannot_take_is_no_outage() -> None:
    """Whoever tries again fares no better."""
    with pytest.raises(DataError):
        await in_office(fail, DataError("a text with a zero"))
