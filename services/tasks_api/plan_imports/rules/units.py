"""Units and groups (单位) in a line of the document: where one ends, and which known one it is. Never a guess. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import ParsedUnit

UnitRow: TypeAlias = tuple[str, str, str, Sequence[str], bool]
MAX_UNIT_LENGTH: Final = 60
MAX_UNITS: Final = 100
MAX_LIST: Final = 5_000

_SEPARATOR = re.compile(r"[、,;\n ]+")
_TOWNS = re.compile(r"各[^街、]{0,6}[乡镇][^街、]{0,8}")
_STREETS = re.compile(r"各?街道(?:办事处|办公处|办)?")
_OPEN_END = re.compile(r"等(?:有关|相关|各)?(?:职能)?(?:部门|单位)?$")
_LEADING = re.compile(r"\((?:牵头|牵头单位|主办)\)$")
_CONJUNCTION = re.compile("以及|[和与及]")
_LEVELS = "省市州盟县区旗"


class KnownUnit(NamedTuple):
    key: str
    is_group: bool


Index: TypeAlias = Mapping[str, tuple[KnownUnit, ...]]


@dataclass(frozen=True, slots=True)
class KnownUnits:
    """The known units and groups by every name they go by; a name may be several units'.

    `exact` holds names as written, `cored` names without the region in front; `longest` is how many
    pieces between separators the longest name has (各乡镇人民政府、街道办事处 has two).
    """

    exact: Index
    cored: Index
    prefixes: tuple[str, ...]
    region_name: str
    longest: int

    @classmethod
    def of(cls, rows: Iterable[UnitRow], region_name: str = "") -> KnownUnits:
        """From rows (key, name, short_name, aliases, is_group); the region's full name (福州市晋安区) tells the prefixes."""
        prefixes = _prefixes(region_name)
        exact: dict[str, tuple[KnownUnit, ...]] = {}
        cored: dict[str, tuple[KnownUnit, ...]] = {}
        for key, name, short_name, aliases, is_group in rows:
            unit = KnownUnit(key, is_group)
            names = {_plain(each) for each in (name, short_name, *aliases)} - {""}
            _enter(exact, names, unit)
            _enter(cored, names | {_core(each, prefixes) for each in names}, unit)
        longest = max((each.count("、") + 1 for each in exact), default=1)
        return cls(exact, cored, prefixes, region_name, longest)

    def fits(self, name: str) -> tuple[KnownUnit, ...]:
        """The units of this name, exact names first: one is an answer, none is unknown, several are ambiguous."""
        plain = _plain(name)
        if plain in self.exact:
            return self.exact[plain]
        cores = (plain, _core(plain, self.prefixes))
        return tuple(dict.fromkeys(hit for core in cores for hit in self.cored.get(core, ())))

    def find(self, name: str) -> KnownUnit | None:
        """The one unit of this name."""
        hits = self.fits(name)
        return hits[0] if len(hits) == 1 else None


def _enter(index: dict[str, tuple[KnownUnit, ...]], names: set[str], unit: KnownUnit) -> None:
    for name in names:
        index[name] = tuple(dict.fromkeys((*index.get(name, ()), unit)))


def _plain(name: str) -> str:
    """A name for comparison: folded, no spaces, every separator the enumeration comma."""
    text = characters.folded(characters.printed(name)).replace(" ", "")
    return _SEPARATOR.sub("、", text)


def _prefixes(region_name: str) -> tuple[str, ...]:
    """What may stand before a unit's own name: the region, its last parts, its level alone (区). Longest first.

    Only the region's own level: a district's plan that names 市司法局 means the city's bureau.
    """
    if not region_name:
        return ()
    cuts = [i + 1 for i, sign in enumerate(region_name[:-1]) if sign in _LEVELS]
    tails = {region_name[cut:] for cut in [0, *cuts]}
    level = {region_name[-1]} if region_name[-1] in _LEVELS else set()
    return tuple(sorted(tails | level, key=len, reverse=True))


def _core(name: str, prefixes: tuple[str, ...]) -> str:
    """The name without 中共 and without one prefix of the region."""
    bare = name.removeprefix("中共")
    for prefix in prefixes:
        if bare.startswith(prefix) and len(bare) >= len(prefix) + 2:
            return bare[len(prefix) :]
    return bare


class Piece(NamedTuple):
    """A stretch between separators. `glue` is the separator printed before it, nothing where that is a space."""

    text: str
    glue: str


def pieces(text: str) -> list[Piece]:
    """The stretches of a list of units. Separators inside brackets belong to the name."""
    found: list[Piece] = []
    text = characters.printed(text)
    start, glue = 0, ""
    for cut in _cuts(characters.folded(text)):
        found.append(Piece(text[start : cut.start()], glue))
        start, glue = cut.end(), text[cut.start() : cut.end()].strip()
    found.append(Piece(text[start:], glue))
    return [piece for piece in found if piece.text.strip("。. ")]


def _cuts(folded: str) -> list[re.Match[str]]:
    """The separators outside brackets; brackets that do not pair off are ignored."""
    paired = folded.count("(") == folded.count(")")
    depth, place, cuts = 0, 0, []
    for cut in _SEPARATOR.finditer(folded):
        between = folded[place : cut.start()]
        depth += between.count("(") - between.count(")")
        place = cut.start()
        if depth <= 0 or not paired:
            cuts.append(cut)
    return cuts


class Units(NamedTuple):
    """The units of one list; those marked （牵头） inside it stand apart."""

    named: tuple[ParsedUnit, ...]
    leading: tuple[ParsedUnit, ...]


def read(text: str, role: str, known: KnownUnits, notes: Notes, line: int) -> Units:
    """The units of a list in printed order, each once; warns of those unknown."""
    named: dict[ParsedUnit, None] = {}
    leading: dict[ParsedUnit, None] = {}
    for name in names(text, known, notes, line):
        bare = _LEADING.sub("", characters.folded(name))
        target, word = (leading, "牵头") if len(bare) < len(name) else (named, role)
        for unit in _units(name[: len(bare)], word, known):
            target[unit] = None
            _warn_if_unknown(unit, known, notes, line)
    return Units(tuple(named), tuple(leading))


def names(text: str, known: KnownUnits, notes: Notes, line: int) -> list[str]:
    """The names in a list as printed, without stray spaces; a known name with a comma inside is one."""
    rest, found, at = pieces(text[:MAX_LIST]), list[str](), 0
    if len(text) > MAX_LIST or len(rest) > MAX_UNITS:
        notes.add("line_not_placed", line, text)
        rest = rest[:MAX_UNITS]
    while at < len(rest):
        size = _run(rest, at, known)
        name = _written(rest[at : at + size])
        closed = _OPEN_END.sub("", name)
        if len(closed) < len(name) and known.find(name) is None:
            notes.add("units_open_ended", line, text)
            name = closed
        found += [name] if name else []
        at += size
    return found


def _run(rest: list[Piece], at: int, known: KnownUnits) -> int:
    """How many pieces from here are one name: the longest known one, 各乡镇…、街道…, else one piece."""
    for size in range(min(known.longest + 1, len(rest) - at), 1, -1):
        if known.find(_written(rest[at : at + size])):
            return size
    pair = [characters.folded(piece.text) for piece in rest[at : at + 2]]
    is_pair = len(pair) == 2 and len(pair[0]) <= MAX_UNIT_LENGTH and _TOWNS.fullmatch(pair[0]) and _STREETS.fullmatch(pair[1])
    return 2 if is_pair and not known.find(pair[0]) else 1


def _written(run: list[Piece]) -> str:
    text = run[0].text + "".join(piece.glue + piece.text for piece in run[1:])
    return characters.joined(text.replace("\n", "")).strip("。. :：")


def _units(name: str, role: str, known: KnownUnits) -> list[ParsedUnit]:
    """One unit, or the two known ones on both sides of a 和."""
    if len(name) <= MAX_UNIT_LENGTH and not known.fits(name):
        for word in _CONJUNCTION.finditer(name):
            sides = (name[: word.start()], name[word.end() :])
            if all(known.find(side) for side in sides):
                return [_unit(side, role, known) for side in sides]
    return [_unit(name, role, known)]


def _unit(name: str, role: str, known: KnownUnits) -> ParsedUnit:
    hit = known.find(name)
    return ParsedUnit(name, hit.key if hit else None, bool(hit and hit.is_group), role)


def _warn_if_unknown(unit: ParsedUnit, known: KnownUnits, notes: Notes, line: int) -> None:
    if unit.key is None:
        notes.add("unit_ambiguous" if known.fits(unit.as_written) else "unit_unknown", line, unit.as_written)
