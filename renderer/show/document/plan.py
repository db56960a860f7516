"""Build a show's plan from its document, and record all faults that can be found by doing so."""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from renderer.capture.records import USUAL_FOCAL
from renderer.capture.sources.address import (
    LOOP_PREFIX,
    is_live,
    is_looped,
    is_machine,
    is_network,
    split_cameras,
)
from renderer.capture.sources.lens import parse_lens
from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.output.output_options import place_fallback, split_options, write_options
from renderer.output.output_words import parse_outputs, parse_recording
from renderer.output.slate import check_slate
from renderer.output.spec import OutputSpec
from renderer.output.watch_address import WatchAddress, parse_watch_address
from renderer.path_checks import require_file
from renderer.paths import HALL, IDOL, STAGE
from renderer.rights.declaration import Content, Declaration, Usage
from renderer.show.document.entries.fans import build_fans
from renderer.show.document.entries.songs import SongEntry
from renderer.show.document.positions import Path as Keys
from renderer.show.document.read import ReadShow, place_fault
from renderer.show.document.schema import Settings, ShowFile
from renderer.show.document.sound import build_sound
from renderer.show.document.staging import find_cue_screens, find_wardrobe
from renderer.show.document.titles import build_songs, build_titles
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.plan import ShowPlan, parse_size
from renderer.stage.lut import load_cube
from renderer.stage.records import ScreenSource
from renderer.stage.sets.screen_sources import parse_screen_source
from renderer.transport.machines.address import EVERYWHERE, HostPort, parse_host_port

HOUSE_SETS: Final = {"hall": HALL, "small stage": STAGE}
"""The program's own sets by the names that a document has for them."""


def build_plan(read: ReadShow, faults: FaultCollector) -> ShowPlan:
    """Return the plan of a show's document.

    Args:
        read: the document, with the folder to which its files are relative.
        faults: collects the faults of single values; `find_plan_faults` finds those of the whole.
    """
    show, folder = read.show, read.folder
    settings = show.show
    inputs = tuple(resolve_input(folder, one.address) for one in show.inputs)
    live = settings.live or any(is_live(one) for word in inputs for one in split_cameras(word))
    song = find_song(show)
    songs = build_songs(read, faults)
    return ShowPlan(
        inputs=inputs,
        avatars=_find_avatars(show, folder),
        song=(
            resolve(folder, song.file)
            if song is not None and song.file and settings.opening == "song"
            else None
        ),
        songs=songs,
        declaration=read_declaration(show),
        streams=tuple(
            chain.from_iterable(
                faults.collect(
                    parse_outputs,
                    [
                        place_output(folder, write_options(one.address, one.size, one.kbit_s))
                        for one in show.outputs
                    ],
                )
            )
        ),
        recordings=faults.collect(
            parse_recording,
            [
                place_output(folder, write_options(one.file, one.size, one.kbit_s, one.fallback))
                for one in show.recordings
            ],
        ),
        companions=_find_companions(show, folder),
        live=live,
        size=faults.attempt(parse_size, settings.size or None),
        rate=settings.rate or None,
        on_air_at_once=settings.on_air,
        performers=show.tracking.performers_per_input,
        overwrite=settings.overwrite,
        start_without_failed=settings.start_without_failed,
        lenses=_find_lenses(show, faults),
        expressiveness=show.tracking.expressiveness,
        cameras=tuple(resolve(folder, word) for word in show.tracking.cameras),
        models=_find_models(show, folder),
        set=_find_set(show, folder),
        screens=_find_screens(show, folder, faults),
        cue_screens=find_cue_screens(read, faults),
        wardrobe=find_wardrobe(read, faults),
        titles=build_titles(read, songs, faults),
        slate=resolve(folder, show.stage.slate) if show.stage.slate else None,
        sound=build_sound(read, songs, faults, live=live),
        standby=settings.standby,
        standby_machine=settings.standby_machine,
        watch=faults.attempt(parse_watch_address, settings.watch or None) or WatchAddress(),
        metrics=settings.metrics,
        guests=faults.attempt(parse_watch_address, settings.guests or None) or WatchAddress(),
        machines=_find_machines(settings, inputs, faults),
        is_keyed=settings.alpha,
        licences=tuple(resolve(folder, word) for word in show.rights.licences),
        consents=tuple(resolve(folder, word) for word in show.rights.consents),
        document=read,
        fans=None if show.fans is None else build_fans(show.fans, settings.title or "Encore"),
    )


def read_declaration(show: ShowFile) -> Declaration:
    """Return what a document declares."""
    rights = show.rights
    return Declaration(
        performer=", ".join(one.name for one in show.performers).rstrip(", "),
        usage=Usage(rights.usage),
        content=frozenset(map(Content, rights.content)),
        permission=rights.permission,
        show=rights.show,
        without_disclosure=rights.without_disclosure,
        territories=tuple(map(str.upper, rights.territories)),
    )


def _find_machines(
    settings: Settings, inputs: tuple[str, ...], faults: FaultCollector
) -> HostPort | None:
    """Return where other machines join; None if none may."""
    if settings.machines:
        return faults.attempt(partial(parse_host_port, numeric=True), settings.machines)
    cameras = [one for word in inputs for one in split_cameras(word)]
    return EVERYWHERE if settings.standby_machine or any(map(is_machine, cameras)) else None


def check_keys(plan: ShowPlan, faults: FaultCollector) -> None:
    """Record the faults of stream keys that cannot be read from where they are stored."""
    for stream in plan.streams:
        faults.attempt(OutputSpec.check_key, stream)


def find_song(show: ShowFile) -> SongEntry | None:
    """Return the first song of the set list; None if there is none."""
    return next(iter(order_songs(show)), None)


def order_songs(show: ShowFile) -> list[SongEntry]:
    """Return the songs of the set list in order."""
    by_name = {one.name: one for one in show.songs}
    return [by_name[name] for name in show.set_list or tuple(by_name)]


def resolve(folder: Path, word: str) -> Path:
    """Return the path of a file that a document names."""
    return folder / Path(word).expanduser()


def resolve_input(folder: Path, word: str) -> str:
    """Return an input's address; a file's is relative to the document's folder."""
    return "+".join(
        one if is_network(one) or is_live(one) else resolve_file(folder, one)
        for one in split_cameras(word)
    )


def resolve_file(folder: Path, word: str) -> str:
    """Return an input file's path, with the prefix that repeats it."""
    if is_looped(word):
        return f"{LOOP_PREFIX}{resolve(folder, word.removeprefix(LOOP_PREFIX))}"
    return str(resolve(folder, word))


def place_output(folder: Path, word: str) -> str:
    """Return an output's word; a file's or a folder's path is relative to the document's folder."""
    prefix = ""
    for known in ("vertical:", "hls:", "frames:"):
        if word.startswith(known):
            prefix, word = prefix + known, word.removeprefix(known)
    word, options = split_options(word)
    options = place_fallback(options, lambda fallback: str(resolve(folder, fallback)))
    place = word if "://" in word or not word else str(resolve(folder, word))
    return f"{prefix}{place}{options}"


def _find_avatars(show: ShowFile, folder: Path) -> tuple[Path, ...]:
    """Return the performers' avatars in order; the default idol if none is named."""
    files = {one.name: one.file for one in show.avatars}
    named = [one.avatar for one in show.performers]
    while named and not named[-1]:
        named.pop()
    return tuple(resolve(folder, files.get(word, word)) if word else IDOL for word in named) or (
        IDOL,
    )


def _find_models(show: ShowFile, folder: Path) -> tuple[tuple[Path, ...], ...]:
    """Return the performers' own models, up to the last performer that names any."""
    named = [tuple(resolve(folder, word) for word in one.models) for one in show.performers]
    while named and not named[-1]:
        named.pop()
    return tuple(named)


def _find_lenses(show: ShowFile, faults: FaultCollector) -> tuple[float, ...]:
    """Return the focal lengths up to the last input that has a lens."""
    words = [one.lens for one in show.inputs]
    while words and not words[-1]:
        words.pop()
    found = (faults.attempt(parse_lens, word) if word else USUAL_FOCAL for word in words)
    return tuple(focal for focal in found if focal is not None)


def _find_companions(show: ShowFile, folder: Path) -> AuxiliaryOptions:
    def words(kind: str, is_file: bool = False) -> tuple[str, ...]:
        return tuple(
            f"{one.performer}={address}" if one.performer else address
            for one in show.sources
            if one.kind == kind
            for address in [_resolve_source(folder, one.address) if is_file else one.address]
        )

    take = show.tracking.take
    return AuxiliaryOptions(
        faces=words("face"),
        bodies=words("body"),
        closeups=words("closeup", is_file=True),
        voices=words("voice", is_file=True),
        receivers=words("vmc_out"),
        allowed=show.tracking.allow,
        take=resolve(folder, take) if take else None,
    )


def _resolve_source(folder: Path, word: str) -> str:
    if word in ("mic", "input") or word.startswith("mic:"):
        return word
    return resolve_input(folder, word)


def _find_set(show: ShowFile, folder: Path) -> Path | None:
    word = show.stage.set
    return HOUSE_SETS.get(word) or (resolve(folder, word) if word else None)


def _find_screens(show: ShowFile, folder: Path, faults: FaultCollector) -> tuple[ScreenSource, ...]:
    words = [
        f"{name}={shown if shown in ('program', 'generated') else resolve(folder, shown)}"
        for name, shown in show.stage.screens.items()
    ]
    return faults.collect(parse_screen_source, words)


def require_output(read: ReadShow, plan: ShowPlan, faults: FaultCollector) -> None:
    """Record a fault if a document names no output, so that nobody would see the show."""
    if not (plan.live or read.show.outputs or read.show.recordings):
        faults.add(
            ShowError(
                "This show",
                "has no output, so nobody would see it",
                "add --record FILE.mp4 or --output rtmp://…, or --live and use the desk",
            )
        )


def find_document_faults(read: ReadShow, faults: FaultCollector) -> None:
    """Record the faults of what only a document can name: files of songs, looks, slate, logo."""
    for number, song in enumerate(read.show.songs):
        files: dict[Keys, str] = {("file",): song.file}
        files |= {("stems", name): file for name, file in song.stems.items()}
        for keys, word in files.items():
            faults.attempt(partial(_require, read, ("songs", number, *keys)), word or None)
    for number, camera in enumerate(read.show.cameras):
        path: Keys = ("cameras", number, "file")
        faults.attempt(partial(_require_picture, read, path), camera.file or None)
    for number, look in enumerate(read.show.looks):
        faults.attempt(partial(_require_cube, read, ("looks", number, "cube")), look.cube or None)
    faults.attempt(partial(_require_slate, read), read.show.stage.slate or None)


def _require_cube(read: ReadShow, path: Keys, word: str) -> None:
    try:
        load_cube(resolve(read.folder, word))
    except RendererError as fault:
        raise place_fault(read, path, fault) from fault


def _require_slate(read: ReadShow, word: str) -> None:
    try:
        check_slate(resolve(read.folder, word))
    except RendererError as fault:
        raise place_fault(read, ("stage", "slate"), fault) from fault


def _require_picture(read: ReadShow, path: Keys, word: str) -> None:
    try:
        require_file(resolve(read.folder, word), "source", "name a video or a picture")
    except RendererError as fault:
        raise place_fault(read, path, fault) from fault


def _require(read: ReadShow, path: Keys, word: str) -> None:
    try:
        require_file(resolve(read.folder, word), "song", "name a sound file")
    except RendererError as fault:
        raise place_fault(read, path, fault) from fault
