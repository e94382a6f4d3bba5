"""Begin a new epoch, by hand after a restore: `python -m infra.renew_epoch TABLE` with the register table's name.

Every copy of the read model then throws itself away and follows the restored feed from its beginning.
"""

import os
import sys

from shared.tables.client import connect
from shared.tables.feed import renew_epoch

if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and the table
        sys.exit("Usage: python -m infra.renew_epoch NAME_OF_THE_REGISTER_TABLE")
    print(renew_epoch(connect(os.environ.get("DYNAMODB_ENDPOINT")), sys.argv[1]))
