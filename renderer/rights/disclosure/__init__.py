"""Decide how a disclosure is shown to the audience, by territory: the label and the marks.

The label and its form come from the profiles of the territories. Where several apply, the label
says what each of them says, in the place of the strictest one, as large and as long as the largest
and longest, and every mark of any of them is required.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from renderer.errors import RightsError
from renderer.rights.disclosure.profile import Mark, Place, Rule, find_profiles

SEPARATOR: Final = " · "
"""Between the languages of a label."""
HEIGHT: Final = 0.021
"""Height of the em of a label that no profile requires, as `Rule.height`."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How a show is disclosed.

    Attributes:
        label: in the picture; empty only after an override.
        profiles: names of the rules that it follows.
        override: name of the person who took label and required marks off; empty for none.
        place, height, seconds: of the label, as in `Rule`.
        marks, file_marks, allows_keyed: as in `Rule`.
    """

    label: str
    profiles: tuple[str, ...]
    override: str = ""
    place: Place = Place.TOP_LEFT
    height: float = HEIGHT
    seconds: float = 0.0
    marks: frozenset[Mark] = frozenset()
    file_marks: frozenset[Mark] = frozenset()
    allows_keyed: bool = True


def decide_disclosure(
    territories: Sequence[str],
    depicted: Iterable[str] = (),
    extra: Iterable[str] = (),
    override: str = "",
) -> Disclosure:
    """Return how a show is disclosed.

    Args:
        territories: to which it is streamed; empty if undeclared.
        depicted: names of the real persons whom its avatars depict.
        extra: labels that licences and the crew require besides.
        override: name of the person who answers for showing no label; empty for none.

    Raises:
        RightsError: the override is no name.
    """
    found = find_profiles(tuple(territories))
    names = tuple(profile.name for profile in found)
    if override:
        # Two letters of any script: neither dots nor numbers name anybody.
        if sum(map(str.isalpha, override)) < 2 or not override.isprintable():
            raise RightsError(
                "--without-disclosure", "needs a name", "name the person who answers for it"
            )
        return Disclosure("", names, override.strip())
    people = ", ".join(name for name in dict.fromkeys(depicted) if name)
    rules = [profile.depicts if people else profile.drawn for profile in found]
    return combine_rules(rules, names, people, extra)


def combine_rules(
    rules: Sequence[Rule], names: tuple[str, ...], people: str = "", extra: Iterable[str] = ()
) -> Disclosure:
    """Return the disclosure that satisfies all rules.

    Args:
        rules: at least one, the strictest first.
        names: of their profiles.
        people: names of the real persons depicted, for the labels.
        extra: labels that are required besides.
    """
    parts = dict.fromkeys(text.format(name=people) for rule in rules for text in rule.label)
    for text in extra:
        # What a label says already, in whichever case, is not repeated.
        said = text.casefold()
        if text and not any(said in part.casefold() for part in parts):
            parts = {part: None for part in parts if part.casefold() not in said} | {text: None}
    is_lasting = any(rule.seconds == 0.0 for rule in rules)
    return Disclosure(
        SEPARATOR.join(parts),
        names,
        place=rules[0].place,
        height=max(rule.height for rule in rules),
        seconds=0.0 if is_lasting else max(rule.seconds for rule in rules),
        marks=frozenset(mark for rule in rules for mark in rule.marks),
        file_marks=frozenset(mark for rule in rules for mark in rule.file_marks),
        allows_keyed=all(rule.allows_keyed for rule in rules),
    )
