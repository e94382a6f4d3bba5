"""Runs in a bare interpreter: tries every operation that an artefact's botocore knows, where nobody listens.

Standard input: {"folder", "endpoint", "arguments"} with the arguments by service; standard output: a line for each
operation that came as far as the connection.
"""

import importlib
import json
import sys


def main() -> None:
    task = json.load(sys.stdin)
    sys.path.insert(0, task["folder"])
    session = importlib.import_module("botocore.session").get_session()
    refused = importlib.import_module("botocore.exceptions").EndpointConnectionError
    config = importlib.import_module("botocore.config").Config(
        retries={"total_max_attempts": 1}, parameter_validation=False
    )
    for service, arguments in task["arguments"].items():
        client = session.create_client(service, "eu-central-1", endpoint_url=task["endpoint"], config=config)
        for operation in client.meta.service_model.operation_names:
            members = client.meta.service_model.operation_model(operation).input_shape.members
            try:
                client._make_api_call(operation, {name: arguments[name] for name in arguments.keys() & members.keys()})
            except refused:
                sys.stdout.write(f"{service} {operation}\n")


main()
