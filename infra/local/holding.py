"""A file that one process at a time holds, for as long as it lives."""

import fcntl
import time


def hold(file: int, seconds: float) -> bool:
    """Take the lock of an open file, and wait so long for whoever has it now; gives whether this process has it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        else:
            return True
