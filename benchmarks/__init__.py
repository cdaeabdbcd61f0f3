"""Benchmarks: timings as ratios measured in one run, kept apart from the tests."""
