"""Build a show's document from the options of `encore show`, alone or over a file's."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from renderer.capture.sources.address import is_live, is_network, split_cameras
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.show.document.entries.songs import LyricsEntry, SongEntry
from renderer.show.document.entries.stage import LowerThirdEntry
from renderer.show.document.house import direct_by_house
from renderer.show.document.plan import place_output, resolve_file
from renderer.show.document.read import ReadShow
from renderer.show.document.schema import (
    InputEntry,
    OutputEntry,
    PerformerEntry,
    RecordingEntry,
    ShowFile,
    SourceEntry,
)
from renderer.show.performers.option_binding import WHOSE, number_of
from renderer.show.plan_checks import excess_lens_faults

SOURCES: Final = {
    "face": "face", "body": "body", "closeup": "closeup", "voice": "voice", "vmc_out": "vmc_out",
}  # fmt: skip
"""Kinds of a document's sources by the options that name them."""
MOST_LYRICS: Final = 2
"""Maximum number of lines of lyrics in a picture."""
LONGEST: Final = 120
"""Maximum length of a name, a role and a label, characters."""
_THIRD: Final = re.compile(r"(\d{1,5}(?:\.\d+)?)-(\d{1,5}(?:\.\d+)?)=([^/]+)(?:/(.*))?")


def apply_options(read: ReadShow | None, options: Namespace, faults: FaultCollector) -> ReadShow:
    """Return a document with the options that were given; they replace what the file says.

    A show of words alone takes place in the concert hall, unless it has another set or none.

    Args:
        read: the document of a file; None for one built from words alone.
        options: of `encore show`, as parsed.
        faults: collects the faults of the words' forms.
    """
    show = ShowFile() if read is None else read.show
    # A word's path is relative to where it was typed, a document's to the document.
    here = Path() if read is None or read.file is None else Path.cwd()
    merge = _Merge(show, options, here, faults)
    merged = merge.run()
    if read is None:
        if not (merged.stage.set or merged.show.alpha):
            merged = direct_by_house(merged)
        return ReadShow(None, "", {}, msgspec.to_builtins(merged), merged)
    return ReadShow(read.file, read.text, read.said, read.data, merged, read.places)


class _Merge:
    """Replaces the parts of a document that the options name."""

    def __init__(
        self, show: ShowFile, options: Namespace, here: Path, faults: FaultCollector
    ) -> None:
        self._show, self._options, self._here, self._faults = show, options, here, faults

    def run(self) -> ShowFile:
        """Return the merged document."""
        changed: dict[str, Any] = {
            "show": self._settings(),
            "rights": self._rights(),
            "performers": self._performers(),
            "inputs": self._inputs(),
            "tracking": self._tracking(),
            "sources": self._sources(),
            "songs": self._songs(),
            "stage": self._stage(),
            "outputs": self._outputs(),
            "recordings": self._recordings(),
        }
        if self._options.song is not None:
            changed["set_list"] = ()
        return msgspec.structs.replace(self._show, **changed)

    def _given(self, names: dict[str, str]) -> dict[str, Any]:
        """Return the values of the options that were given, by the field that each one sets."""
        values = {field: getattr(self._options, name) for name, field in names.items()}
        return {field: value for field, value in values.items() if value}

    def _settings(self) -> Any:
        given = self._given(
            {
                "live": "live",
                "start_without_failed": "start_without_failed",
                "overwrite": "overwrite",
                "standby": "standby",
                "standby_machine": "standby_machine",
                "alpha": "alpha",
                "size": "size",
                "rate": "rate",
                "watch": "watch",
                "metrics": "metrics",
                "guests": "guests",
                "machines": "machines",
            }
        )
        if self._options.off_air:
            given["on_air"] = False
        return msgspec.structs.replace(self._show.show, **given)

    def _rights(self) -> Any:
        given = self._given(
            {
                "usage": "usage",
                "permission": "permission",
                "show_name": "show",
                "without_disclosure": "without_disclosure",
            }
        )
        if self._options.content:
            given["content"] = tuple(self._options.content)
        if self._options.territory:
            given["territories"] = tuple(self._options.territory)
        for option, field in (("licence", "licences"), ("consent", "consents")):
            files = getattr(self._options, option)
            if files:
                given[field] = tuple(self._place(str(file)) for file in files)
        return msgspec.structs.replace(self._show.rights, **given)

    def _performers(self) -> tuple[PerformerEntry, ...]:
        entries = list(self._show.performers)
        if self._options.performer:
            names = [name.strip() for name in self._options.performer.split(",")]
            kept = [*entries, *[PerformerEntry()] * len(names)]
            entries = [
                PerformerEntry(name=name, avatar=one.avatar, models=one.models)
                for name, one in zip(names, kept, strict=False)
            ]
        if self._options.avatar:
            files = [self._place(str(file)) for file in self._options.avatar]
            count = max(len(files), len(entries))
            entries += [PerformerEntry()] * (count - len(entries))
            # Fewer avatars than performers are assigned cyclically, as the plan does.
            entries = [
                msgspec.structs.replace(one, avatar=files[number] if number < len(files) else "")
                for number, one in enumerate(entries)
            ]
        for word in self._options.model:
            whose = WHOSE.fullmatch(word)
            who, file = ("1", word) if whose is None else (whose[1].strip(), whose[2])
            self._give_model(entries, who, self._place(file))
        return tuple(entries)

    def _give_model(self, entries: list[PerformerEntry], who: str, file: str) -> None:
        """Add a file to the models of a performer, by name or by number from 1."""
        inputs = len(self._options.input or self._show.inputs)
        each = self._options.performers or self._show.tracking.performers_per_input
        names = [one.name for one in entries]
        names += [""] * (max(inputs * each, 1) - len(names))
        number = self._faults.attempt(lambda given: number_of("--model", given, names), who)
        if number is None:
            return
        entries += [PerformerEntry()] * (number + 1 - len(entries))
        entry = entries[number]
        entries[number] = msgspec.structs.replace(entry, models=(*entry.models, file))

    def _inputs(self) -> tuple[InputEntry, ...]:
        words, lenses = self._options.input, self._options.lens
        entries = [InputEntry(address=self._place_input(word)) for word in words]
        entries = entries or list(self._show.inputs)
        self._faults.add(*excess_lens_faults(len(lenses), len(entries)))
        for number, lens in enumerate(lenses[: len(entries)]):
            entries[number] = msgspec.structs.replace(entries[number], lens=lens)
        return tuple(entries)

    def _tracking(self) -> Any:
        given = self._given({"performers": "performers_per_input"})
        if self._options.allow:
            given["allow"] = tuple(self._options.allow)
        if self._options.cameras:
            given["cameras"] = tuple(self._place(str(file)) for file in self._options.cameras)
        if self._options.expressiveness:
            given["expressiveness"] = tuple(self._options.expressiveness)
        if self._options.take is not None:
            given["take"] = self._place(str(self._options.take))
        return msgspec.structs.replace(self._show.tracking, **given)

    def _sources(self) -> tuple[SourceEntry, ...]:
        entries = list(self._show.sources)
        for option, kind in SOURCES.items():
            words = getattr(self._options, option)
            if not words:
                continue
            entries = [one for one in entries if one.kind != kind]
            for word in words:
                whose = WHOSE.fullmatch(word)
                who, address = ("", word) if whose is None else (whose[1], whose[2])
                if kind in ("closeup", "voice") and not _is_microphone(address):
                    address = self._place_input(address)
                entries.append(SourceEntry(kind=kind, address=address, performer=who))  # type: ignore[arg-type]
        return tuple(entries)

    def _songs(self) -> tuple[SongEntry, ...]:
        songs = self._show.songs
        file, lyrics = self._options.song, self._options.lyrics
        if len(lyrics) > MOST_LYRICS:
            self._faults.add(
                UsageError(
                    f"{len(lyrics)} files of lyrics",
                    f"are more than the {MOST_LYRICS} lines that are shown",
                    "name one or two",
                )
            )
        if file is not None:
            songs = (SongEntry(name=file.stem or "song", file=self._place(str(file))),)
        if lyrics:
            first, *others = songs or (SongEntry(name="song"),)
            entries = tuple(LyricsEntry(file=self._place(str(one))) for one in lyrics)
            songs = (msgspec.structs.replace(first, lyrics=entries), *others)
        return songs

    def _stage(self) -> Any:
        given: dict[str, Any] = {}
        if self._options.set is not None:
            given["set"] = self._place(str(self._options.set))
        if self._options.screen:
            given["screens"] = self._screens()
        if self._options.logo is not None:
            given["logo"] = self._place(str(self._options.logo))
        if self._options.slate is not None:
            given["slate"] = self._place(str(self._options.slate))
        label = self._options.disclosure
        if len(label) > LONGEST:
            self._faults.add(
                UsageError(
                    f"Disclosure {label[:20]}…",
                    f"is longer than {LONGEST} characters",
                    "shorten it",
                )
            )
        elif label:
            given["disclosure"] = label
        if self._options.lower_third:
            given["lower_thirds"] = self._faults.collect(_parse_third, self._options.lower_third)
        return msgspec.structs.replace(self._show.stage, **given)

    def _screens(self) -> dict[str, str]:
        from renderer.stage.sets.screen_sources import parse_screen_source, require_one_source

        sources = self._faults.collect(parse_screen_source, self._options.screen)
        self._faults.attempt(require_one_source, sources)
        return {
            one.screen: one.feed.value if one.file is None else self._place(str(one.file))
            for one in sources
        }

    def _outputs(self) -> tuple[OutputEntry, ...]:
        words: Sequence[str] = self._options.output
        given = tuple(OutputEntry(address=place_output(self._here, word)) for word in words)
        return given or self._show.outputs

    def _recordings(self) -> tuple[RecordingEntry, ...]:
        words: Sequence[str] = self._options.record
        given = tuple(RecordingEntry(file=place_output(self._here, word)) for word in words)
        return given or self._show.recordings

    def _place(self, word: str) -> str:
        return str(self._here / word)

    def _place_input(self, word: str) -> str:
        return "+".join(
            one if is_network(one) or is_live(one) else resolve_file(self._here, one)
            for one in split_cameras(word)
        )


def _is_microphone(word: str) -> bool:
    return word in ("mic", "input") or word.startswith("mic:")


def _parse_third(word: str) -> LowerThirdEntry:
    found = _THIRD.fullmatch(word.strip())
    if found is None or float(found[1]) >= float(found[2]) or len(word) > 2 * LONGEST:
        raise UsageError(
            f"Lower third {word[:40]}",
            "is not from one second to a later one and a name",
            "write it like '4-9=Hana/Lead vocal'",
        )
    return LowerThirdEntry(
        begin=float(found[1]),
        end=float(found[2]),
        name=found[3].strip(),
        role=(found[4] or "").strip(),
    )
