"""The compiled engine: the rules of `model.rules`, in the order of `model.week`, as one machine-code kernel.

Importing it imports Numba; nothing else in `model` does.
"""

import os

os.environ["NUMBA_DISABLE_INTEL_SVML"] = "1"  # its exp and log differ from the C library's in the last bit

from numba import config

from model.engine.ensemble import Engine

if config.USING_SVML:
    raise ImportError("Numba was imported before model.engine, with Intel's SVML: import model.engine first")

__all__ = ["Engine"]
