"""The state variables of every actor, each named once, with its unit.

Mesa agents inherit these classes; a compiled engine can lay the same annotations out as records. All are
floats (flags are 0.0 or 1.0, choices the numbers of `model.terms`), so that two engines can agree bit for bit.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class State:
    """One European state (or Canada, or Turkey) that may pay, pledge, deploy and withdraw."""

    # Given by the register's data or the scenario.
    gdp: float  # USD bn, grows with the years
    growth: float  # % a year
    debt: float  # % of GDP
    land: float  # land forces, thousand
    nato: float  # member, 0 or 1
    eu: float  # member, 0 or 1
    nuclear: float  # own deterrent, 0 or 1
    stance: float  # 0 refused, 0.5 conditional, 1 willing to send troops at the start
    home_support: float  # %, where its public settles on sending troops
    home_defence_support: float  # %, where its public settles on more defence spending
    arms: float  # %, for sending weapons to Ukraine
    distance: float  # km from the capital to Russia
    home_border: float  # 0 to 1, need to keep the army at home
    orientation: float  # 0 Atlanticist to 1 autonomist
    obstruction: float  # 0 to 1, chance that it stops a common decision for reasons of its own
    envoy_access: float  # 0 to 1, access to the American administration
    pledge: float  # % of GDP promised for defence
    term_weeks: float  # weeks between general elections
    nearness: float  # 0 to 1, share of the common menace that reaches it
    # Moving.
    next_election: float  # week
    next_budget: float  # week
    threat: float  # 0 to 1, perceived
    threat_change: float  # last week's change
    leaning: float  # %, support for sending troops without the rally
    rally: float  # points of rally round the flag
    support: float  # %, support for sending troops
    defence_support: float  # %, support for more defence spending
    hardship: float  # standard deviations of a weak economy and inflation
    consensus: float  # 1 while government and opposition agree on the mission
    government: float  # -1 against the mission to 1 for it
    taste: float  # private willingness, drawn once a run
    defence: float  # % of GDP
    defence_first: float  # % of GDP at the start
    culture: float  # points of GDP above or below the rule, a habit that stays
    backlog: float  # EUR bn ordered at home, not delivered
    joint_backlog: float  # EUR bn ordered jointly, not delivered
    stock: float  # EUR bn of modern equipment
    stock_first: float  # EUR bn at the start
    defence_past: float  # % of GDP, mean of the years whose purchases are still in service
    position: float  # 0 Atlanticist to 1 autonomist, as argued at the table
    supply: float  # troops it could keep abroad, rotation included
    contributing: float  # 0 or 1
    pledged: float  # troops
    deployed: float  # troops
    fatigue: float  # 0 to 1
    dead: float  # soldiers killed, cumulative
    mourned: float  # soldiers killed that opinion has already seen
    aid: float  # EUR bn a year of military aid to Ukraine
    will_to_send: float  # utility of contributing; above zero it joins


class UnitedStates:
    """The guarantor: what it promised, what it would do, and what others believe."""

    form: float  # Guarantee
    present: float  # 1 until it turns away
    regime: float  # 1 Atlanticist, 0 restrainer
    will: float  # true readiness to act, 0 to 1
    belief_russia: float  # Russia's belief in it
    belief_europe: float  # Europe's belief in it
    envoy: float  # readiness lent by recent envoys
    attention: float  # 0 to 1
    enablers: float  # 0 to 1: ISR, lift, air defence and strike at Europe's side
    support: float  # % of Americans for defending Ukraine
    readiness: float  # will, envoys and attention together
    burden: float  # European effort as seen from Washington, % of GDP
    next_election: float  # week of the next inauguration
    term_weeks: float
    exit_week: float  # week it turned away, -1 if never
    visits: float  # envoys received


class Russia:
    """The challenger."""

    strength: float  # thousand effective troops it can use against Ukraine
    stakes: float  # worth of all Ukraine, drawn once a run around 1
    resolve: float  # tolerance of costs, drawn once a run around 1
    answered: float  # remembered probes that were answered
    unanswered: float  # remembered probes that were not
    structural: float  # belief that Europe fights, from what stands there
    belief: float  # belief that Europe fights, with what probes have taught
    win_full: float  # chance to win a renewed war
    win_limited: float  # chance that a limited attack succeeds
    cover: float  # chance that the guarantee applies, 0 to 1
    fear_europe: float  # expected cost of Europe, renewed war
    fear_us: float  # expected cost of the United States, renewed war
    window: float  # push of a window that closes (+) or opens later (-)
    comply_value: float
    probe_value: float
    limited_value: float
    renewed_value: float
    probe_chance: float  # a week in which policy is reviewed
    limited_chance: float
    renewed_chance: float
    act: float  # Act
    probes: float  # so far
    probes_answered: float  # so far
    limited_attacks: float  # so far
    dead: float  # killed since the ceasefire began


class Ukraine:
    """The defender, with its own forces, hopes and temptations."""

    strength: float  # thousand effective troops
    capacity: float  # strength that full funding sustains, over that in Ukraine in 2025
    stakes: float  # worth of the lost land, drawn once a run around 1
    confidence: float  # 0 to 1
    aid: float  # EUR bn a year, this month's lumpy flow
    next_delivery: float  # week
    funding: float  # EUR bn a year it can count on, smoothed
    restraint: float  # 0 to 1: what it would lose by breaking the ceasefire
    win_limited: float
    probe_value: float
    limited_value: float
    probe_chance: float
    limited_chance: float
    act: float  # Act
    dead: float


class Force:
    """The reassurance force."""

    asked: float  # troops that the plan asks for
    nuclear: float  # 1 while a contributor has a deterrent of its own
    authorised: float  # 1 while a mandate stands
    start_week: float  # week in which deployment may begin
    mandate_end: float  # week
    arrived: float  # week of the first troops, -1 before
    next_muster: float  # week of the next force-generation conference
    next_rotation: float  # week
    turning: float  # weeks that the present handover still lasts
    troops: float  # in Ukraine
    present: float  # on duty, without those in handover
    effective: float  # thousand full-quality soldiers' worth
    supply: float  # troops that all states together could sustain
    pledged: float
    contributors: float  # states with troops in Ukraine
    fatigue: float  # 0 to 1, weighted by troops
    dead: float
    mourned: float  # of these, already shared among the contributors
    peak: float  # most troops so far
    crumbled: float  # week in which it first fell below a share of that, -1 before
    lapses: float  # mandates that ran out and were not renewed
    peak_contributors: float
    troop_weeks: float
    cost: float  # EUR bn so far
    success: float  # 0 to 1, perceived
    withdrawals: float  # states that left
    withdrawals_consensus: float  # of these, after consensus at home had broken
    attacked: float  # 1 in a week in which it took fire


class Institution:
    """NATO, the EU, the UN or a lead nation, as command and veto."""

    kind: float  # Command
    consent: float  # chance that it says go at a meeting
    members: float  # with a voice, among the run's states


class Europe:
    """The summit's table and the Union's purse: positions, unity, common money."""

    next_meeting: float  # week
    position: float  # compromise, 0 Atlanticist to 1 autonomist
    unity: float  # 0 to 1
    agreement: float  # 0 to 1, closeness of positions alone
    joint_share: float  # share of equipment bought jointly
    fund: float  # EUR bn a year of common money that passed
    common_spent: float  # EUR bn of common money so far
    capability: float  # modern equipment against the start, 1 at the start
    capability_trend: float  # change a year
    defence: float  # % of GDP, weighted by GDP
    effort: float  # % of GDP: defence, aid, common money and the force
    aid: float  # EUR bn a year
    union_gdp: float  # USD bn, of the run's EU members
    support: float  # %, mean over states weighted by GDP


class Line:
    """The ceasefire itself: a line, its violations, its end."""

    week: float  # weeks since the ceasefire began
    status: float  # Status
    calm: float  # 1 right after a recommitment, decays
    heat: float  # 0 to 1, how much either side has been probing
    excitation: float  # violations a week bred by earlier violations
    discipline: float  # violations bred by each violation, drawn once a run
    fortification: float  # 0 to 1
    trust: float  # 0 to 1, built by compliance and lost by hostile acts
    menace: float  # 0 to 1, how dangerous Russia looks from Europe
    alarm: float  # 0 to 1, memory of hostile acts
    violations_russia: float  # this week
    violations_ukraine: float  # this week
    blame: float  # share of this week's violations blamed on Russia
    deaths: float  # soldiers killed this week, all sides
    quiet_weeks: float
    war_weeks: float  # weeks of limited war so far
    limited_wars: float
    territory: float  # km2 lost by Ukraine
    violations: float  # so far
    weeks_counted: float  # weeks in which violations were counted
    collapse: float  # 0 none, 1 limited war, 2 renewed war came first
    collapse_week: float
    broken_by: float  # Breaker of the first collapse
    renewed_week: float
    consolidated_week: float
    fatal_week: float  # first week after consolidation with as many dead as strain a ceasefire, -1 before
    direct_combat: float  # 1 once European and Russian troops fought
    us_combat: float  # 1 once American forces fought
    wider_war: float  # 1 once fighting spread beyond Ukraine
    bypassed: float  # attacks that went round a force that was there


class StateLuck(NamedTuple):
    """One state's luck in a week, each a uniform number of its own address."""

    opinion: float
    defence_opinion: float
    hardship: float
    election: float
    consensus: float
    leave: float
    envoy: float
    taste: float


class UnitedStatesLuck(NamedTuple):
    """Washington's luck in a week."""

    will: float
    signal_russia: float
    signal_europe: float
    election: float
    revoke: float
    exit: float
    attention: float
    opinion: float


class RussiaLuck(NamedTuple):
    """Moscow's luck in a week."""

    stakes: float
    resolve: float
    review: float
    choice: float


class UkraineLuck(NamedTuple):
    """Kyiv's luck in a week."""

    stakes: float
    aid: float
    review: float
    choice: float


class CouncilLuck(NamedTuple):
    """The luck of the tables at which Europe decides."""

    mandate: float
    setup: float
    renewal: float
    fund: float


class LineLuck(NamedTuple):
    """The luck of the line."""

    discipline: float
    rate_russia: float
    count_russia: float
    rate_ukraine: float
    count_ukraine: float
    attribution: float
    deaths: float
    recommit: float
    end: float


class CrisisLuck(NamedTuple):
    """The luck of a crisis."""

    attributed: float
    answer: float
    go: float
    activation: float
    seize: float
    drawn: float
    battle: float
    us: float
    wider: float
    territory: float
    deaths: float
    force_deaths: float


class Luck(NamedTuple):
    """One week's luck of everybody."""

    states: Sequence[StateLuck]
    us: UnitedStatesLuck
    russia: RussiaLuck
    ukraine: UkraineLuck
    council: CouncilLuck
    line: LineLuck
    crisis: CrisisLuck


class World(Protocol):
    """All actors of a run; in Mesa they are agents, which carry the rules as methods."""

    states: Sequence[Any]
    us: Any
    russia: Any
    ukraine: Any
    force: Any
    europe: Any
    institutions: Sequence[Any]
    line: Any
