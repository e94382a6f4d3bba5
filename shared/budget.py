"""What one request may still spend (time) and has spent (DynamoDB units), counted where the calls are made.

Units follow DynamoDB's documented rules and are computed from the bytes of items, because engines other than AWS
report constants: a consistent read costs one unit per started 4 KB (half of it when eventually consistent), a write
one per started 1 KB, and both twice that inside a transaction. An item's size is the UTF-8 length of its attribute
names and values.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

READ_UNIT: Final = 4096
WRITE_UNIT: Final = 1024


@dataclass(slots=True)
class Budget:
    """The time that is left (monotonic seconds) and what was used so far."""

    deadline: float
    monotonic: Callable[[], float] = time.monotonic
    read_units: float = 0.0
    write_units: float = 0.0
    calls: list[str] = field(default_factory=list)

    def seconds_left(self) -> float:
        """Seconds until the deadline; negative behind it."""
        return self.deadline - self.monotonic()


_current: ContextVar[Budget] = ContextVar("budget")


def current() -> Budget:
    """The budget of what is running; raises LookupError outside `spending`, where nothing would ever give up."""
    return _current.get()


@contextmanager
def spending(seconds: float, monotonic: Callable[[], float] = time.monotonic) -> Iterator[Budget]:
    """Give the calls inside the block `seconds` to finish, and collect what they use."""
    budget = Budget(monotonic() + seconds, monotonic)
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)


def item_size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item in DynamoDB's JSON, by the rules of "DynamoDB item sizes and formats"."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    """Bytes of the kinds of value that the register stores: texts, numbers, bytes, sets of texts, booleans."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 2
        case "B":
            return len(content)
        case "SS":
            return sum(len(member.encode()) for member in content)
        case _:
            return 1


def _started(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def record_call(operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Add what a call used to the running request's budget."""
    budget = current()
    budget.calls.append(operation)
    share = 1.0 if request.get("ConsistentRead") else 0.5
    match operation:
        case "GetItem":
            budget.read_units += share * _started(item_size(answer.get("Item", {})), READ_UNIT)
        case "Query":
            budget.read_units += share * _started(sum(map(item_size, answer.get("Items", ()))), READ_UNIT)
        case "BatchGetItem":
            for table, wanted in request["RequestItems"].items():
                found = answer.get("Responses", {}).get(table, ())
                absent = max(0, len(wanted["Keys"]) - len(found))
                units = absent + sum(_started(item_size(item), READ_UNIT) for item in found)
                budget.read_units += units * (1.0 if wanted.get("ConsistentRead") else 0.5)
        case "TransactWriteItems":
            budget.write_units += sum(
                2 * _started(_action_size(action), WRITE_UNIT) for action in request["TransactItems"]
            )
        case "PutItem":
            budget.write_units += _started(item_size(request["Item"]), WRITE_UNIT)
        case _:
            budget.write_units += 1


def _action_size(action: Mapping[str, Any]) -> int:
    # An update's or a check's item is not in the request; guards and entries stay below one unit.
    ((_, body),) = action.items()
    return item_size(body["Item"]) if "Item" in body else item_size(body["Key"])
