"""What the rival theories are called inside a sentence."""

THEORIES = {
    "tripwire": "deaths in the force commit its capitals",
    "agreements_matter": "the strength of the agreement counts",
    "alliances_deter": "promises on paper deter",
    "burden_keeps_us": "European effort keeps Washington in",
    "troops_provoke": "a large force provokes Russia",
    "contest_square": "numbers count by their square",
    "moral_hazard": "a guarantee emboldens Ukraine",
    "presence_calms": "a force calms the line by being there",
}


def theory(switch: str) -> str:
    """What a switch says when it is on: `theories.alliances_deter` is `promises on paper deter`."""
    key = switch.partition(".")[2] or switch
    return THEORIES.get(key, key.replace("_", " "))
