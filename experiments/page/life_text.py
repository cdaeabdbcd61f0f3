"""A week of a life in words: the sentence above, and what each agent did and why, as HTML."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from experiments.page.life import STATE, Life, Week
from model.chronicle import FORMS, Event
from model.terms import Act, Guarantee, Regime, Status

MINUS = "\N{MINUS SIGN}"
STANDS = {
    Status.HOLDING: "the ceasefire is holding",
    Status.STRAINED: "the ceasefire is strained",
    Status.LIMITED_WAR: "limited war has broken the ceasefire",
    Status.RENEWED_WAR: "the war is renewed and the ceasefire is over",
    Status.CONSOLIDATED: "the ceasefire is consolidated",
}
DID = {
    Act.COMPLY: "keeps the ceasefire",
    Act.PROBE: "probes: small, deniable violations",
    Act.LIMITED: "makes a limited attack",
    Act.RENEWED: "renews the war",
}
OPTIONS = ("Keep the ceasefire", "Probe", "Limited attack", "Renew the war")

type Term = tuple[str, str, float | None]  # what it is, its value in words, and where it stands from 0 to 1


def when(life: Life, week: Week) -> str:
    """The date of a week's first day."""
    day = life.scenario.start + timedelta(weeks=week.number)
    return f"{day.day} {day:%B %Y}"


def sentence(life: Life, week: Week) -> str:
    """The week, and the status of the line."""
    deaths = round(week["line.deaths"])
    said = f"Week {week.number}, {when(life, week)}: {STANDS[week.status]}"
    if week.status == Status.RENEWED_WAR:
        counted = life.world.parameters.casualties.counted_weeks
        return f"{said}. Its first {counted:.0f} weeks kill {deaths:,} soldiers. This run ends here."
    dead = "nobody was killed" if deaths == 0 else f"{deaths:,} soldier{'s' if deaths > 1 else ''} killed"
    over = " This run ends here." if week.number == life.last and not life.world.running else ""
    return f"{said}; {week.violations:,.0f} violations and {dead} this week.{over}"


def russia_card(life: Life, week: Week) -> str:
    """What Moscow did, what each option was worth to it, and what it believed."""
    act = Act(int(week["russia.act"]))
    chances = [week[f"russia.{name}_chance"] for name in ("probe", "limited", "renewed")]
    values = [week[f"russia.{name}_value"] for name in ("comply", "probe", "limited", "renewed")]
    attack = chances[1] + chances[2]
    review = life.world.parameters.russia.review
    peace = values[0] >= max(values[2:])
    why = "No attack is worth as much to it as peace" if peace else "An attack is worth more to it than peace"
    why += f"; at a review, about every {review:.0f} weeks, it attacks with a chance of {percent(attack)}."
    if act >= Act.LIMITED:
        why += " This week the choice fell on it" + (", against the odds." if attack < 0.5 else ".")
    terms: list[Term] = [
        share("A renewed war would succeed", week["russia.win_full"]),
        share("A limited attack would succeed", week["russia.win_limited"]),
        share("Europe would fight, it believes", week["russia.belief"]),
        share("America would act, it believes", week["us.belief_russia"] * week["us.present"]),
        ("Cost it expects from Europe, in a renewed war", worth(week["russia.fear_europe"]), None),
        ("Cost it expects from America, in a renewed war", worth(week["russia.fear_us"]), None),
        ("Better now (+) or in a year (\N{MINUS SIGN})", worth(week["russia.window"], signed=True), None),
        (
            "Probes answered so far",
            f"{week['russia.probes_answered']:,.0f} of {week['russia.probes']:,.0f} weeks",
            None,
        ),
        ("Forces it can use", strength(week, "russia"), None),
    ]
    return card("Russia", DID[act], act, why, options(act, [1.0 - sum(chances), *chances], values), listed(terms))


def ukraine_card(life: Life, week: Week) -> str:
    """What Kyiv did, what each option was worth to it, and how it feels."""
    act = Act(int(week["ukraine.act"]))
    chances = [week[f"ukraine.{name}_chance"] for name in ("probe", "limited")]
    trusted = life.world.parameters.ceasefire.trust_worth * week["line.trust"]
    values = [trusted, *(week[f"ukraine.{name}_value"] for name in ("probe", "limited"))]
    held = week["ukraine.restraint"]
    review = life.world.parameters.ukraine.review
    why = f"What it would lose by breaking the ceasefire holds it back{'' if held >= 0.5 else ' little'}"
    why += f"; at a review, about every {review:.0f} weeks, it attacks with a chance of {percent(chances[1])}."
    terms: list[Term] = [
        share("Confidence", week["ukraine.confidence"]),
        share("Restraint", held),
        share("An attack of its own would succeed", week["ukraine.win_limited"]),
        ("Forces", strength(week, "ukraine"), None),
        ("Aid and arms it can count on", f"{week['ukraine.funding']:,.0f} EUR bn a year", None),
    ]
    table = options(act, [1.0 - sum(chances), *chances], values)
    return card("Ukraine", DID[act], act, why, table, listed(terms))


def america_card(week: Week) -> str:
    """What Washington has promised, and what it would do."""
    form = int(week["us.form"])
    there = week["us.present"] == 1.0
    did = f"stands by {FORMS[form]}" if form != Guarantee.NONE else "gives no guarantee"
    leaning = "An Atlanticist" if week["us.regime"] == Regime.ATLANTICIST else "A restrainer"
    left = max(0.0, week["us.next_election"] - week.number)
    why = f"{leaning} is president; the next inauguration is {left:,.0f} weeks away."
    terms: list[Term] = [
        share("Readiness to act, in truth", week["us.readiness"]),
        share("Russia believes in it", week["us.belief_russia"]),
        share("Europe believes in it", week["us.belief_europe"]),
        share("Attention to Europe", week["us.attention"]),
        share("Americans for defending Ukraine", week["us.support"] / 100.0),
        ("European effort, as Washington sees it", f"{week['us.burden']:.1f}% of GDP", None),
    ]
    return card("United States", did if there else "has turned away from Europe", Act.COMPLY, why, "", listed(terms))


def force_card(week: Week) -> str:
    """Where the reassurance force stands."""
    troops, asked = week["force.troops"], week["force.asked"]
    if asked <= 0.0:
        return card("Reassurance force", "is not asked for in this plan", Act.COMPLY, "", "", "")
    states = week["force.contributors"]
    did = f"has {troops:,.0f} troops in Ukraine" if troops > 0.0 else "has no troops in Ukraine"
    if week["force.authorised"] == 1.0:
        wait = week["force.start_week"] - week.number
        why = f"The mandate runs until week {week['force.mandate_end']:,.0f}."
        why += f" Deployment can begin in {wait:,.0f} weeks." if wait > 0.0 and troops <= 0.0 else ""
    else:
        why = "There is no mandate: the summit decides."
    terms: list[Term] = [
        ("Asked for", f"{asked:,.0f} troops", None),
        ("Pledged", f"{week['force.pledged']:,.0f} troops", None),
        ("From", f"{states:,.0f} state{'' if states == 1.0 else 's'}", None),
        ("Worth, with arms and enablers", f"{week['force.effective']:,.1f} thousand", None),
        share("Fatigue", week["force.fatigue"]),
        share("Success, as seen at home", week["force.success"]),
        ("Killed so far", f"{week['force.dead']:,.0f}", None),
    ]
    return card("Reassurance force", did, Act.COMPLY, why, "", listed(terms))


def contributors_table(life: Life, week: Week, everybody: bool) -> str:
    """The states that contribute, the largest first, or all of them by name."""
    columns = {name: week.of_states(name) for name in STATE}
    places = range(len(life.names))
    if everybody:
        shown = sorted(places, key=lambda place: life.names[place])
    else:
        there = [place for place in places if columns["contributing"][place] or columns["deployed"][place] > 0.0]
        shown = sorted(there, key=lambda place: (-columns["deployed"][place], -columns["pledged"][place]))
    if not shown:
        return '<p class="muted">No state contributes troops.</p>'
    head = ["State", "Troops there", "Pledged", "Support, %", "Consensus at home", "Government"]
    head += ["Fatigue, %", "Will to send", "Defence, % of GDP"] if everybody else []
    rows = []
    for place in shown:
        row = [
            life.names[place],
            f"{columns['deployed'][place]:,.0f}",
            f"{columns['pledged'][place]:,.0f}",
            f"{columns['support'][place]:.0f}",
            "holds" if columns["consensus"][place] else "broken",
            leaning(columns["government"][place]),
        ]
        if everybody:
            row += [f"{100.0 * columns['fatigue'][place]:.0f}", worth(columns["will_to_send"][place], signed=True)]
            row.append(f"{columns['defence'][place]:.2f}")
        rows.append(row)
    return table(head, rows)


def leaning(government: float) -> str:
    """How a government leans on the mission, from -1 to 1."""
    side = "undecided" if abs(government) < 0.05 else "for" if government > 0.0 else "against"
    return f"{side} ({worth(government, signed=True)})"


def events_list(events: Sequence[Event]) -> str:
    """The chronicle, in the order given."""
    if not events:
        return '<p class="muted">Nothing to tell yet.</p>'
    told = (f'<li class="{event.kind}"><b>Week {event.week}</b> {escape(event.text)}</li>' for event in events)
    return f'<ol class="events">{"".join(told)}</ol>'


def card(name: str, did: str, act: Act, why: str, choice: str, terms: str) -> str:
    """An agent: what it did, why in a sentence, its options, and the terms of its decision."""
    return (
        f'<h2>{name} <span class="did act{int(act)}">{escape(did)}</span></h2>'
        f"{f'<p>{escape(why)}</p>' if why else ''}{choice}{terms}"
    )


def options(act: Act, chances: Sequence[float], values: Sequence[float]) -> str:
    """What each option is worth to a side, and how likely it is at a review; the one that stands is marked."""
    rows = []
    for place, (chance, value) in enumerate(zip(chances, values, strict=True)):
        here = ' class="here"' if place == act else ""
        rows.append(f"<tr{here}><td>{OPTIONS[place]}</td><td>{worth(value)}</td><td>{percent(chance)}</td></tr>")
    head = '<th scope="col">Option</th><th scope="col">Worth to it</th><th scope="col">Chance at a review</th>'
    return f'<table class="data options"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def listed(terms: Iterable[Term]) -> str:
    """Terms of a decision, shares with a bar."""
    told = []
    for name, said, place in terms:
        bar = (
            ""
            if place is None
            else f'<i class="bar"><i style="width:{100.0 * min(1.0, max(0.0, place)):.0f}%"></i></i>'
        )
        told.append(f"<div><dt>{name}</dt><dd>{bar}{said}</dd></div>")
    return f'<dl class="terms">{"".join(told)}</dl>'


def share(name: str, value: float) -> Term:
    """A term that goes from 0 to 1."""
    return name, percent(value), value


def strength(week: Week, side: str) -> str:
    """Effective troops of a side."""
    return "at war" if week.status == Status.RENEWED_WAR else f"{week[f'{side}.strength']:,.0f} thousand"


def percent(value: float) -> str:
    """A share in per cent, with more digits where it is small."""
    if 0.0 < value < 0.0005:
        return "under 0.1%"
    return f"{100.0 * value:.1f}%" if 0.0 < value < 0.0995 else f"{100.0 * value:.0f}%"


def worth(value: float, signed: bool = False) -> str:
    """A utility, with a real minus."""
    text = f"{value:+.2f}" if signed else f"{value:.2f}"
    return text.removeprefix("-").replace("+", "") if float(text) == 0.0 else text.replace("-", MINUS)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the rows."""
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    told = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(each)}</td>" for each in row[1:])}</tr>'
        for row in rows
    )
    return f'<table class="data"><thead><tr>{top}</tr></thead><tbody>{told}</tbody></table>'
