"""What to say when a name is not in the register: the nearest one, and where to look."""

from collections.abc import Collection

from model.register.entry import nearest
from model.register.loader import load_register
from model.register.states import state_names

# Codes and names that people use and that neither the codes nor the names in states.csv resemble.
ALIASES = {
    "UK": "GBR", "GB": "GBR", "BRITAIN": "GBR", "GREAT BRITAIN": "GBR", "ENGLAND": "GBR", "HOLLAND": "NLD",
    "AMERICA": "USA", "TÜRKIYE": "TUR", "AT": "AUT", "DK": "DNK", "EE": "EST", "EL": "GRC", "ES": "ESP",
    "IE": "IRL", "PL": "POL", "PT": "PRT", "SE": "SWE", "SI": "SVN", "SK": "SVK", "TR": "TUR", "UA": "UKR",
}  # fmt: skip


def did_you_mean(name: str | None) -> str:
    """The end of a message, with the nearest name if there is one."""
    return f'; did you mean "{name}"?' if name else ""


def nearest_parameter(name: str) -> str | None:
    """The dotted parameter that `name` (dotted or not) most likely means."""
    register = load_register()
    group, _, key = name.rpartition(".")
    same_group = [entry.key for entry in register.values() if entry.group == group]
    exact = [entry.name for entry in register.values() if entry.key == key.lower()]
    if len(exact) == 1:
        return exact[0]
    if close := nearest(key, same_group):
        return f"{group}.{close}"
    return nearest(name, register) or _by_key(key)


def _by_key(key: str) -> str | None:
    """The parameter whose last part is closest to `key`, when only one has it."""
    entries = load_register().values()
    close = nearest(key, [entry.key for entry in entries])
    found = [entry.name for entry in entries if entry.key == close]
    return found[0] if len(found) == 1 else None


def nearest_state(text: str, among: Collection[str] | None = None) -> str | None:
    """The ISO 3166 code that a code, a two-letter code or a country's name most likely means."""
    names = {iso3: name for iso3, name in state_names().items() if among is None or iso3 in among}
    upper = text.strip().upper()
    if ALIASES.get(upper) in names:
        return ALIASES[upper]
    if len(upper) == 2:
        starting = [iso3 for iso3 in names if iso3.startswith(upper)]
        return starting[0] if starting else None
    by_name = {name.upper(): iso3 for iso3, name in names.items()}
    close = nearest(upper, [*names, *by_name])
    return by_name.get(close, close) if close else None
