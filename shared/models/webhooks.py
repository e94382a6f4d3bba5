"""What is sent and answered about webhooks, and what their receivers get."""

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.models.addresses import LONGEST, PATTERN
from shared.models.base import Distinct, Instant, Model, OrganisationId, Schema, Timestamp, given
from shared.models.envelope import Version
from shared.models.ids import ANY_ID_PATTERN, WEBHOOK_PATTERN, RecordType

LONGEST_LOG_PAGE: Final = 200
DELIVERY_PATTERN: Final = r"^dlv_[0-9]{13}_msg_[a-z0-9_]{1,80}$"

Address = Annotated[
    str,
    Field(max_length=LONGEST, description="A public https address, which has to answer a challenge."),
    Schema(pattern=PATTERN),
]
Types = Annotated[
    Distinct[RecordType],
    Field(min_length=1, max_length=4, description="Of which types of record it is told; absent: of all."),
]


WebhookId = Annotated[str, Field(pattern=WEBHOOK_PATTERN)]
DeliveryId = Annotated[str, Field(pattern=DELIVERY_PATTERN)]
MessageId = Annotated[
    str, Field(pattern=r"^msg_[a-z0-9_]{1,80}$", description="The `webhook-id` of all attempts at one message.")
]
EventType = Annotated[str, Field(pattern=r"^[a-z]{1,32}\.[a-z]{1,32}$")]
Secret = Annotated[
    str, Field(pattern=r"^whsec_[A-Za-z0-9+/=]{40,100}$", description="Shown now and never again: keep it.")
]


class WebhookInput(Model):
    """Where to send, and what."""

    url: Address
    types: Types | None = None


class WebhookPatch(Model):
    """What changes of a webhook; null removes a field."""

    url: Address | None = None
    types: Types | None = None
    status: Annotated[
        Literal["active", "disabled"] | None, Field(description="`disabled` sends nothing; `active` goes on.")
    ] = None


class WebhookContent(WebhookInput):
    """A webhook with a patch merged into it."""

    status: Literal["active", "disabled"] | None = None


class Webhook(Model):
    """Where somebody is told of changes."""

    id: WebhookId
    organisation_id: Annotated[
        OrganisationId | None, Field(description="Whose it is. Absent: the register's own office.")
    ] = None
    url: Address
    types: Types | None = None
    status: Annotated[
        Literal["active", "disabled", "gone"], Field(description="`gone`: the receiver answered 410; nothing is sent.")
    ]
    version: Version
    created_at: Timestamp
    updated_at: Timestamp


class WebhookWithSecret(Webhook):
    """A webhook with its new secret."""

    secret: Secret
    previous_secret_ends_at: Annotated[
        Timestamp | None, Field(description="Until then messages are signed with the secret before it too.")
    ] = None


class Delivery(Model):
    """What became of a message."""

    id: DeliveryId
    message_id: MessageId
    type: EventType
    state: Annotated[
        Literal["delivered", "retrying", "failed"], Field(description="`failed`: given up after 24 hours, or at 410.")
    ]
    attempts: Annotated[int, Field(ge=1, le=1_000_000)]
    at: Annotated[Timestamp, Field(description="When it was tried last.")]
    status: Annotated[int | None, Field(ge=100, le=999, description="What the receiver answered.")] = None
    problem: Annotated[
        Literal["name", "address", "connect", "tls", "timeout", "answer", "status", "resting"] | None,
        Field(
            description="The name of the host is unknown; its address is not public; no connection; none that can be"
            " trusted; no answer in ten seconds; none that is HTTP; a status other than 2xx; not tried, because"
            " everything else to this receiver failed."
        ),
    ] = None
    milliseconds: Annotated[int, Field(ge=0, le=1_000_000)]
    next_at: Annotated[Timestamp | None, Field(description="When it is tried again.")] = None


class WebhookPage(Model):
    """A page of webhooks."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"next"})

    items: Annotated[list[Webhook], Field(max_length=LONGEST_LOG_PAGE)]
    next: Annotated[str | None, Field(max_length=8_000, description="The next page; null on the last.")] = None


class DeliveryPage(Model):
    """A page of deliveries."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"next"})

    items: Annotated[list[Delivery], Field(max_length=LONGEST_LOG_PAGE)]
    next: Annotated[str | None, Field(max_length=8_000, description="The next page; null on the last.")] = None


class ReplayInput(Model):
    """What to send once more: one delivery, or all changes since a moment."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [given("delivery_id", without=("since",)), given("since", without=("delivery_id",))]
        }
    )

    delivery_id: DeliveryId | None = None
    since: Annotated[Instant, Field(description="At most 30 days ago; older changes are in `/changes`.")] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.delivery_id is None) == (self.since is None):
            message = "Give either `delivery_id` or `since`."
            raise PydanticCustomError("choice", "{message}", {"message": message})
        return self


class Queued(Model):
    """What will be sent."""

    delivery_id: Annotated[DeliveryId | None, Field(description="Under this id it is found in the deliveries.")] = None
    since: Annotated[Timestamp | None, Field(description="All changes from then …")] = None
    until: Annotated[Timestamp | None, Field(description="… to then.")] = None


class ChangeData(Model):
    """Which version of which record is new: what it says is read at the register."""

    cursor: Annotated[str, Field(max_length=2000, description="The place in `/changes`: `after` it comes the rest.")]
    type: RecordType
    id: Annotated[str, Field(pattern=f"^{ANY_ID_PATTERN}$")]
    version: Version
    change: Literal["created", "changed", "deleted", "merged"]
    late: Annotated[bool, Field(description="true: it may come after a later version; apply by version.")]


class ChangeMessage(Model):
    """The body of a message: `organisation.changed`."""

    type: EventType
    timestamp: Annotated[Timestamp, Field(description="Of the change.")]
    data: ChangeData


class Challenge(Model):
    """What to repeat."""

    challenge: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ChallengeMessage(Model):
    """The question that an address has to answer before anything else is sent there."""

    type: Literal["webhook.challenge"]
    timestamp: Timestamp
    data: Challenge


class Nothing(Model):
    """No content."""


class TestMessage(Model):
    """What `POST /webhooks/{id}/test` sends."""

    type: Literal["webhook.test"]
    timestamp: Timestamp
    data: Nothing
