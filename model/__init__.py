"""The model: parameters, rules, agents and the week of one ceasefire."""
