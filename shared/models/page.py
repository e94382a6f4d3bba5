"""Pages of lists, as the OpenAPI document describes them."""

from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import Field

from shared.models.base import Model

Item = TypeVar("Item")


class Page(Model, Generic[Item]):
    """A page of a list."""

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"next"})

    items: Annotated[list[Item], Field(max_length=200)]
    next: Annotated[str | None, Field(max_length=8_000, description="The next page; null on the last.")] = None
