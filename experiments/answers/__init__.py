"""Answers to the questions Q1 to Q10: each worked out from the tables of its experiments, none typed in."""
