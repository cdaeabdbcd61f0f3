"""The field's terms as numbers: the choices that agents and users can make."""

from enum import IntEnum


class Guarantee(IntEnum):
    """Form of the American guarantee, from none to troops in theatre."""

    NONE = 0
    BACKSTOP = 1
    EXECUTIVE = 2
    RATIFIED = 3
    TROOPS = 4


class Command(IntEnum):
    """Who commands the reassurance force."""

    LEAD_NATION = 0
    NATO = 1
    EU = 2
    UN = 3


class Doctrine(IntEnum):
    """What the reassurance force does when it is attacked or the line is broken."""

    WITHDRAW = 0
    HOLD = 1
    FIGHT = 2
    ESCALATE = 3


class Place(IntEnum):
    """Where the reassurance force stands."""

    LINE = 0
    RESERVE = 1
    CITIES = 2


class Weight(IntEnum):
    """Equipment of the reassurance force: light infantry or heavy brigades."""

    LIGHT = 0
    HEAVY = 1


class Commitment(IntEnum):
    """Europe's own promise to Ukraine."""

    DECLARATION = 0
    TREATY = 1


class Regime(IntEnum):
    """Leaning of the American administration."""

    RESTRAINER = 0
    ATLANTICIST = 1


class Deployment(IntEnum):
    """Endogenous: states decide whom to send. Imposed: the size asked for is there, whoever wants it."""

    ENDOGENOUS = 0
    IMPOSED = 1


class Status(IntEnum):
    """Status of the ceasefire."""

    HOLDING = 0
    STRAINED = 1
    LIMITED_WAR = 2
    RENEWED_WAR = 3
    CONSOLIDATED = 4


class Act(IntEnum):
    """What a side does in a week."""

    COMPLY = 0
    PROBE = 1
    LIMITED = 2
    RENEWED = 3


class Breaker(IntEnum):
    """Who ended the ceasefire."""

    NOBODY = 0
    RUSSIA = 1
    UKRAINE = 2
    BOTH = 3
