"""Runs in a bare interpreter: imports one handler from an artefact and nothing else, and invokes it.

Standard input: {"folder", "handler", "events"}; standard output: {"answers", "modules", "foreign"} as the last line.
"""

import importlib
import json
import sys
import sysconfig


class Context:
    """What Lambda tells a function about the invocation."""

    function_name = "tested"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:tested"
    aws_request_id = "8d7f5f2e-6f0c-4a57-9d43-0f1f5d9b6a10"

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


def main() -> None:
    task = json.load(sys.stdin)
    sys.path.insert(0, task["folder"])
    module, _, name = task["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    answers = [handler(event, Context()) for event in task["events"]]
    places = {name: getattr(loaded, "__file__", None) or "" for name, loaded in sys.modules.items()}
    known = (task["folder"], sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), __file__)
    foreign = sorted(name for name, place in places.items() if place and not place.startswith(known))
    sys.stdout.write("\n" + json.dumps({"answers": answers, "modules": sorted(places), "foreign": foreign}) + "\n")


main()
