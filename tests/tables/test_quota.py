"""The writes that a partner has left in a minute, by a clock that only the tests move."""

from collections.abc import Callable

import pytest

from shared.caller import Caller
from shared.errors import TooManyRequests
from shared.tables.quota import Quota
from shared.tables.tables import Tables
from tests.tables.faulty import NOON, Contents, Time

PARTNER = Caller("k1", "org_1")


def test_nothing_is_left_of_a_quota_that_is_used_up_until_the_next_minute(tables: Tables, time: Time) -> None:
    quota = Quota(tables, 3)
    time.pass_by(15.0)
    quota.admit(PARTNER, 2)
    with pytest.raises(TooManyRequests):
        quota.admit(PARTNER, 2)

    used_up = quota.state(PARTNER)
    time.pass_by(45.0)

    assert used_up == {"limit": 3, "remaining": 0, "resets_in": 45}
    assert quota.state(PARTNER) == {"limit": 3, "remaining": 3, "resets_in": 60}


def test_a_count_outlives_its_minute_and_expires(tables: Tables, contents: Callable[[], Contents]) -> None:
    Quota(tables, 3).admit(PARTNER)

    assert [item["expires_at"] for item in contents()["register"].values()] == [{"N": str(int(NOON) + 120)}]
