"""What the law of live sync is tested with: processes on one store, a bus that misbehaves, clients of every transport."""

import pytest

pytest.register_assert_rewrite("tests.transports.law.machine", "tests.transports.law.client")
