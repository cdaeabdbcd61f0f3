"""What all tests share: repeatable examples without deadlines, and the option that rewrites golden numbers."""

import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True)  # the same examples on every machine
settings.register_profile("search", deadline=None, max_examples=1000)  # HYPOTHESIS_PROFILE=search: new ones
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of test_golden.py."""
    parser.addoption("--update-golden", action="store_true", help="write golden.json anew from the model as it is")
