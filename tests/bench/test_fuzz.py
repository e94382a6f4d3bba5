"""What `make fuzz` says of its work."""

import subprocess
import sys
from pathlib import Path

from infra.fuzz import counted

PROPERTY = """
from hypothesis import given, settings, strategies

@settings(max_examples=7, database=None)
@given(strategies.integers())
def test_a_number_is_itself(number):
    assert number == number
"""


def test_the_examples_are_counted_as_hypothesis_prints_them(tmp_path: Path) -> None:
    file = tmp_path / "test_property.py"
    file.write_text(PROPERTY)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--hypothesis-show-statistics", str(file)],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert counted(done.stdout) == 7
