import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from functions.webhooks import signing

BODIES = st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=4)


@given(BODIES)
def test_a_receiver_verifies_what_was_signed(content: dict[str, str]) -> None:
    secret = signing.new_secret()
    body = json.dumps(content, ensure_ascii=True).encode()

    headers = signing.headers([secret], "msg_1", int(time.time()), body)

    assert Webhook(secret).verify(body, headers) == content
    assert set(headers) == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_each_of_two_live_secrets_verifies_the_same_message() -> None:
    new, old, foreign = (signing.new_secret() for _ in range(3))

    headers = signing.headers([new, old], "msg_1", int(time.time()), b"{}")

    assert [Webhook(secret).verify("{}", headers) for secret in (new, old)] == [{}, {}]
    with pytest.raises(WebhookVerificationError):
        Webhook(foreign).verify("{}", headers)


@pytest.mark.parametrize("changed", [{"webhook-id": "msg_2"}, {"webhook-timestamp": str(int(time.time()) + 1)}])
def test_the_signature_covers_id_and_time(changed: dict[str, str]) -> None:
    secret = signing.new_secret()
    headers = signing.headers([secret], "msg_1", int(time.time()) - 5, b"{}")

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify("{}", headers | changed)


def test_no_two_secrets_are_the_same() -> None:
    assert len({signing.new_secret() for _ in range(100)}) == 100
