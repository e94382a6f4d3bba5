"""What answers hold beside whole records, for the OpenAPI document: summaries, pages, views, problems.

Handlers serve these as ready JSON text; nothing here is built in a request.
"""

import json
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue, models_json_schema

from shared.models.base import (
    Line,
    LocalisedLine,
    Model,
    OrganisationId,
    PartialDateText,
    RecordId,
    Timestamp,
)
from shared.models.changes import ChangePage, HistoryPage
from shared.models.cooperation import Cooperation, CooperationInput
from shared.models.envelope import Version
from shared.models.event import Event, EventInput
from shared.models.finding import SearchPage, Suggestions
from shared.models.jobs import ErasureInput, Job, MergeInput
from shared.models.membership import Membership, MembershipInput
from shared.models.network import Graph, PartnerPage, SynergyPage
from shared.models.organisation import Organisation, OrganisationInput
from shared.models.overview import OfferingPage, RegionPage, Stats, TopicPage
from shared.models.partners import AnswerInput, ImportInput, ManagedByInput
from shared.models.summaries import (
    CooperationPage,
    EventPage,
    Label,
    MembershipPage,
    OrganisationPage,
    OrganisationSummary,
    References,
    RelationPage,
)
from shared.models.text import WEB_ADDRESS
from shared.models.vocabulary import (
    MOST_ROWS,
)
from shared.models.webhooks import (
    Challenge,
    ChallengeMessage,
    ChangeMessage,
    DeliveryPage,
    Queued,
    ReplayInput,
    TestMessage,
    Webhook,
    WebhookInput,
    WebhookPage,
    WebhookPatch,
    WebhookWithSecret,
)


class OrganisationMatchInput(Model):
    """Whom somebody is looking for."""

    name: Annotated[Line, Field(description="As it is written somewhere.")]
    city: Line | None = None
    website: Annotated[
        str | None, Field(max_length=2_000, pattern=WEB_ADDRESS, description="With http or https; its host counts.")
    ] = None


class OrganisationMatchReason(Model):
    """Something that speaks for a candidate, or against it."""

    field: Annotated[
        Literal["name", "other_names", "website", "offices"], Field(description="The field of its record.")
    ]
    kind: Annotated[str, Field(max_length=32, pattern=r"^(same|similar|other)_[a-z]{1,16}$")]
    text: LocalisedLine


class OrganisationMatch(Model):
    """A candidate."""

    score: Annotated[float, Field(ge=0, le=1, description="From 0.85 on most probably the same.")]
    reasons: Annotated[list[OrganisationMatchReason], Field(max_length=10)]
    organisation: OrganisationSummary


class OrganisationMatches(Model):
    """The organisations that may be meant, best first."""

    items: Annotated[list[OrganisationMatch], Field(max_length=10)]


class _View(Model):
    """What a read may add to a record; a view with `as_of` is not to be sent back."""

    as_of: Annotated[PartialDateText | None, Field(description="The moment that was asked for.")] = None
    existed: Annotated[
        Literal[False] | None,
        Field(description="false: not founded yet, or dissolved before."),
    ] = None
    refs: References | None = None


class OrganisationView(_View, Organisation):
    """An organisation as a read gives it."""


class EventView(_View, Event):
    """An event as a read gives it."""


class CooperationView(_View, Cooperation):
    """A cooperation as a read gives it."""


class MembershipView(_View, Membership):
    """A membership as a read gives it."""


class ProblemError(Model):
    """One thing that is wrong with a request, at exactly one place."""

    pointer: Annotated[str | None, Field(max_length=2_000, description="Into the body (RFC 6901).")] = None
    parameter: Annotated[str | None, Field(max_length=100, description="Of the query or the path.")] = None
    header: Annotated[str | None, Field(max_length=100, description="A header field.")] = None
    message: Annotated[str, Field(max_length=1_000, description="What to do.")]
    code: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Which rule.")]


class Problem(Model):
    """Why a request was refused (RFC 9457)."""

    type: Annotated[str, Field(max_length=200, description="Explained at this address.")]
    title: Annotated[str, Field(max_length=300)]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(max_length=1_000)]
    instance: Annotated[str, Field(max_length=100, description="Names this occurrence: `urn:uuid:…`.")]
    errors: Annotated[list[ProblemError], Field(max_length=100)] | None = None
    related: Annotated[list[RecordId], Field(max_length=20, description="Records to look at.")] | None = None


Scope = Annotated[str, Field(pattern=r"^[a-z]+(:[a-z]+)?$", max_length=32)]


class Quota(Model):
    """The writes of a key in a minute."""

    limit: Annotated[int, Field(ge=1, le=1_000_000)]
    remaining: Annotated[int, Field(ge=0, le=1_000_000)]
    resets_in: Annotated[int, Field(ge=0, le=60, description="Seconds until it is whole again.")]


class Me(Model):
    """What a key is good for."""

    organisation_id: Annotated[OrganisationId | None, Field(description="Absent: the register's own office.")] = None
    organisation: Label | None = None
    scopes: Annotated[list[Scope], Field(max_length=20)]
    prefix: Annotated[
        str | None, Field(max_length=24, description="With which the schemes of its own external ids begin.")
    ] = None
    expires_at: Annotated[Timestamp | None, Field(description="Absent: never.")] = None
    quota: Annotated[Quota | None, Field(description="Absent: writes are not counted.")] = None


class ImportedRow(Model):
    """What became of a row, or in a dry run what would."""

    row: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Its place, counted from 1; blank lines do not count.")]
    ref: Annotated[str | None, Field(max_length=161)] = None
    verdict: Literal[
        "create", "update", "unchanged", "invalid", "conflict", "possible_duplicate", "not_attempted", "ignored"
    ]
    id: Annotated[
        RecordId | None,
        Field(
            description="Also of a refused row that stands, without what it names, because rows name it in a circle."
        ),
    ] = None
    version: Version | None = None
    errors: Annotated[list[ProblemError] | None, Field(max_length=100, description="Pointers lead into the row.")] = (
        None
    )
    related: Annotated[list[RecordId] | None, Field(max_length=20, description="Records to look at.")] = None


class ImportReport(Model):
    """What became of each row, in the order of the rows."""

    items: Annotated[list[ImportedRow], Field(max_length=MOST_ROWS)]


SENT: Final[tuple[type[Model], ...]] = (OrganisationInput, MembershipInput, EventInput, CooperationInput)
GIVEN: Final[tuple[type[Model], ...]] = (
    Organisation,
    Membership,
    Event,
    Cooperation,
    OrganisationView,
    MembershipView,
    EventView,
    CooperationView,
    OrganisationPage,
    MembershipPage,
    EventPage,
    CooperationPage,
    RelationPage,
    HistoryPage,
    ChangePage,
    SearchPage,
    Suggestions,
    OfferingPage,
    TopicPage,
    RegionPage,
    Stats,
    Graph,
    PartnerPage,
    SynergyPage,
    OrganisationMatches,
    Job,
    Problem,
    Me,
    ImportReport,
    Webhook,
    WebhookWithSecret,
    WebhookPage,
    DeliveryPage,
    Queued,
    Challenge,
    ChallengeMessage,
    ChangeMessage,
    TestMessage,
)
ASKED: Final[tuple[type[Model], ...]] = (
    OrganisationMatchInput,
    ManagedByInput,
    AnswerInput,
    ImportInput,
    MergeInput,
    ErasureInput,
    WebhookInput,
    WebhookPatch,
    ReplayInput,
)
"""What is sent beside records; where it has a patch, that is named here too."""


def schemas() -> dict[str, JsonSchemaValue]:
    """Return the components of the OpenAPI document by name; `<Noun>Patch` are those of merge patches (RFC 7396)."""
    _, described = models_json_schema(
        [
            *((model, "validation") for model in (*SENT, *ASKED)),
            *((model, "serialization") for model in GIVEN),
        ],
        ref_template="#/components/schemas/{model}",
    )
    # Of a model that is both sent and given, pydantic marks both forms; the given one is the plain one here.
    marked = json.dumps(described["$defs"], ensure_ascii=False)
    components: dict[str, Any] = json.loads(marked.replace('-Output"', '"').replace('-Input"', 'Input"'))
    for model in SENT:
        name = model.__name__.removesuffix("Input")
        components[f"{name}Patch"] = _patch(components[model.__name__], name)
    return dict(sorted(components.items()))


def _patch(schema: JsonSchemaValue, name: str) -> JsonSchemaValue:
    """Return the schema of a merge patch: nothing is required, and null removes a field."""
    kept = {keyword: value for keyword, value in schema.items() if keyword not in {"required", "examples"}}
    return {
        **kept,
        "description": f"What changes of the {name.lower()}; null removes a field.",
    }
