"""The rules, one file per decision: plain functions of actors, parameters and luck."""
