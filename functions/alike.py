"""Routes that all nouns have alike: by the partner's own ids, external ids, hand-over, history."""

from collections.abc import Sequence
from typing import Final

from shared.caller import Scope
from shared.http.parameters import Parameter
from shared.http.routes import AS_OF, LIMIT, NEXT, RECORD_FORMATS, REFS, VIEW, Route

LONGEST_NUMBER: Final = 12
"""Digits of a version."""


def by_reference(
    noun: str, collection: str, scope: Scope, query: Sequence[Parameter] = ()
) -> tuple[Route, Route, Route, Route]:
    """One record by an external id: read, created or replaced, merged, deleted; `query` is of the two that write."""
    path, schema = f"/{collection}/by-ref/{{scheme}}/{{value}}", noun.capitalize()
    return (
        Route(
            f"get_{noun}_by_ref",
            "GET",
            path,
            f"The {noun} with an external id",
            "public",
            schema,
            query=(AS_OF, REFS, VIEW, RECORD_FORMATS),
            greedy=True,
        ),
        Route(
            f"upsert_{noun}_by_ref",
            "PUT",
            path,
            f"Create or replace the {noun} with an external id",
            scope,
            schema,
            query=query,
            body=f"{schema}Input",
            conditions=("If-Match", "If-None-Match"),
            greedy=True,
        ),
        Route(
            f"patch_{noun}_by_ref",
            "PATCH",
            path,
            f"Change parts of the {noun} with an external id (RFC 7396)",
            scope,
            schema,
            query=query,
            body=f"{schema}Patch",
            conditions=("If-Match",),
            greedy=True,
        ),
        Route(
            f"delete_{noun}_by_ref",
            "DELETE",
            path,
            f"Delete the {noun} with an external id",
            scope,
            None,
            status=204,
            conditions=("If-Match",),
            greedy=True,
        ),
    )


def external_ids(noun: str, one: str, scope: Scope) -> tuple[Route, Route]:
    """An external id of a record, given and taken away by the partner to whom its scheme belongs."""
    path, schema = f"{one}/external-ids/{{scheme}}/{{value}}", noun.capitalize()
    return (
        Route(
            f"attach_{noun}_id",
            "PUT",
            path,
            f"Give the {noun} an id of your own",
            scope,
            schema,
            conditions=("If-Match",),
            greedy=True,
        ),
        Route(
            f"detach_{noun}_id",
            "DELETE",
            path,
            f"Take an id of your own away from the {noun}",
            scope,
            schema,
            conditions=("If-Match",),
            greedy=True,
        ),
    )


def hand_over(noun: str, one: str, scope: Scope) -> Route:
    """Who keeps a record from now on."""
    return Route(
        f"hand_over_{noun}",
        "PUT",
        f"{one}/managed-by",
        f"Let another office keep the {noun}",
        scope,
        noun.capitalize(),
        body="ManagedByInput",
        conditional=True,
    )


def history(noun: str, one: str) -> tuple[Route, Route]:
    """What became of a record: all its versions, and each as it was."""
    return (
        Route(
            f"list_{noun}_history",
            "GET",
            f"{one}/history",
            f"What became of the {noun}",
            "public",
            "HistoryPage",
            query=(VIEW, LIMIT, NEXT),
        ),
        Route(
            f"get_{noun}_version",
            "GET",
            f"{one}/history/{{version}}",
            f"The {noun} as a version of it said",
            "public",
            noun.capitalize(),
            query=(VIEW,),
        ),
    )
