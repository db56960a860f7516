"""Execute the crew's commands to single fixtures, and publish what is set by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from renderer.errors import ShowError
from renderer.protocol.fixtures import (
    FixtureCommand,
    FixturesHealth,
    HandValue,
    ReleaseFixture,
    ReleaseFixtures,
    SetFixture,
)
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.lights.fixture_lights import FixtureLights
from renderer.spelling import nearest
from renderer.stage.fixtures.personality import Attribute


class FixtureCommands:
    """The crew's hands on the fixtures. Belongs to the tick's thread."""

    def __init__(self, lights: FixtureLights) -> None:
        self._lights = lights

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the commands, and publish what is set."""
        for kind in (SetFixture, ReleaseFixture, ReleaseFixtures):
            desk.commands.register(kind, self.handle)
        desk.sections.add(FixturesHealth, Rate.HEALTH, self.health)

    def handle(self, command: FixtureCommand, answer: Answer) -> None:
        """Execute a command.

        Raises:
            ShowError: there is no such fixture or attribute, or a desk drives it.
        """
        programmer = self._lights.programmer
        match command:
            case SetFixture(fixture=name, attribute=word, value=value):
                numbers, attribute = self._find(name), find_attribute(word)
                if not math.isfinite(value):
                    raise ShowError(f"Value {value}", "is no number", "give one such as 0.5")
                left = [one for one in numbers if programmer.rig.has(one, attribute)]
                if not left:
                    raise ShowError(
                        name[:60], f"has no {word[:20].lower()}", "choose another attribute"
                    )
                if all(programmer.is_driven(one, self._lights.find_driven()) for one in left):
                    raise ShowError(name[:60], "is driven by a lighting desk", "set it there")
                for number in left:
                    programmer.set_by_hand(number, attribute, value)
                text = f"{name}: {attribute.name.lower()} {value:g}."
            case ReleaseFixture(fixture=name, attribute=word):
                only = find_attribute(word) if word else None
                for number in self._find(name):
                    programmer.release(number, only)
                text = f"{name} follows the looks."
            case _:
                programmer.release_all()
                text = "All fixtures follow the looks."
        answer(Reply(True, text))

    def health(self) -> FixturesHealth:
        """Return what is set by hand."""
        return FixturesHealth(self.save(), sorted(self._lights.find_driven()))

    def save(self) -> list[HandValue]:
        """Return what is set by hand, for an engine that goes on with the show."""
        programmer = self._lights.programmer
        fixtures = programmer.rig.fixtures
        return [
            HandValue(fixtures[number].name, attribute.name.lower(), value)
            for number, values in sorted(programmer.by_hand.items())
            for attribute, value in values.items()
        ]

    def restore(self, values: Iterable[HandValue]) -> None:
        """Set by hand what was; fixtures that the document has no longer are left out."""
        programmer = self._lights.programmer
        for one in values:
            for number in programmer.groups.get(one.fixture, ()):
                programmer.set_by_hand(number, find_attribute(one.attribute), one.value)

    def _find(self, name: str) -> tuple[int, ...]:
        groups = self._lights.programmer.groups
        if name in groups:
            return tuple(groups[name])
        meant = nearest(name, list(groups))
        raise ShowError(
            f"Fixture {name[:60]}",
            "is not in the show",
            f"did you mean {meant}?" if meant else "name a fixture or a group of the document",
        )


def find_attribute(word: str) -> Attribute:
    """Return the attribute of a word.

    Raises:
        ShowError: there is none.
    """
    names = {one.name.lower(): one for one in Attribute}
    found = names.get(word.strip().lower().replace(" ", "_"))
    if found is None:
        meant = nearest(word.lower(), list(names))
        raise ShowError(
            f"Attribute {word[:40]}",
            "is unknown",
            f"did you mean {meant}?" if meant else f"name one of {', '.join(names)}",
        )
    return found
