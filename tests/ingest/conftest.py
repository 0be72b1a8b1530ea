"""The stores of the storage tests."""

from tests.storage.conftest import store

__all__ = ["store"]
