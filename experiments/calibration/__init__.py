"""Bayesian calibration by waves: emulators, a sampler, and the loop; nothing here knows the simulation."""
