"""Parse the words that name outputs: files, addresses of streams, folders, devices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from renderer.errors import OutputError
from renderer.output.device_address import (
    NDI_PREFIX,
    VIRTUAL_CAMERA_PREFIX,
    parse_ndi,
    parse_virtual_camera,
)
from renderer.output.encode.rendition import RAW
from renderer.output.output_options import (
    IMAGES,
    OutputOptions,
    WrittenOptions,
    parse_options,
    parse_picture_size,
    split_options,
)
from renderer.output.spec import KIND_OF_IMAGES, RECORDINGS, OutputSpec
from renderer.output.srt_address import is_srt, parse_srt
from renderer.output.stream_address import is_stream, parse_stream, remove_secrets
from renderer.output.whip_address import is_whip, parse_whip
from renderer.protocol.pictures import PROGRAM, VERTICAL

_HLS_PREFIX: Final = "hls:"
_IMAGES_PREFIX: Final = "frames:"
_VERTICAL_PREFIX: Final = f"{VERTICAL}:"


def parse_output(word: str) -> OutputSpec:
    """Parse an output's word: `show.mp4`, `keyed.mov`, a stream's address, `hls:FOLDER`.

    `ndi:NAME` is an NDI source, `vcam:` or `vcam:DEVICE` a virtual camera. `frames:FOLDER` names a
    folder of images; `vertical:` before any of them the upright view instead of the program;
    `#size=1280x720,bitrate=2500k` after it a rendition of its own.

    Raises:
        OutputError: the word is none of these, or names several renditions.
    """
    address, text = split_options(word)
    options = parse_options(text).read_one()
    return _check_options(_parse_address(address), options)


def parse_outputs(word: str) -> tuple[OutputSpec, ...]:
    """Parse a word as `parse_output` does; `hls:FOLDER` may name several renditions.

    `hls:FOLDER#size=1920x1080+1280x720+vertical` writes each of them into a folder inside FOLDER,
    and playlists of all of them into FOLDER.

    Raises:
        OutputError: as from `parse_output`.
    """
    address, text = split_options(word)
    written = parse_options(text)
    if len(written.sizes) < 2 or not address.startswith(_HLS_PREFIX):
        return (parse_output(word),)
    if written.rates and len(written.rates) != len(written.sizes):
        raise OutputError(
            f"the output {address}",
            f"has {len(written.sizes)} sizes and {len(written.rates)} bit rates",
            "give a bit rate for each size, or none",
        )
    specs = []
    for number, size in enumerate(written.sizes):
        view = VERTICAL if size == VERTICAL else PROGRAM
        rate = written.rates[number] if written.rates else None
        own = WrittenOptions((), () if rate is None else (rate,), written.fallback, written.image)
        one = _check_options(_parse_address(address), own.read_one())
        options = one.options
        if view == PROGRAM:
            rendition = replace(options.rendition, size=parse_picture_size(size))
            options = replace(options, rendition=rendition)
        specs.append(replace(one, view=view, options=options))
    names = _name_variants(written.sizes)
    return tuple(
        replace(
            one,
            address=str(Path(one.address) / name),
            options=replace(one.options, variants=names),
        )
        for one, name in zip(specs, names, strict=True)
    )


def _name_variants(sizes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folder of each rendition: `1080p`, or the size where two have as many lines.

    Raises:
        OutputError: a size is given twice.
    """
    if len(set(sizes)) < len(sizes):
        raise OutputError(f"the size {'+'.join(sizes)}", "names one twice", "name each once")
    lines = [size.partition("x")[2] for size in sizes]
    return tuple(
        size if not high or lines.count(high) > 1 else f"{high}p"
        for size, high in zip(sizes, lines, strict=True)
    )


def _parse_address(word: str) -> OutputSpec:
    """Parse an output's word without options."""
    if word.startswith(_VERTICAL_PREFIX):
        return replace(_parse_address(word.removeprefix(_VERTICAL_PREFIX)), view=VERTICAL)
    if is_stream(word):
        parse_stream(word)
        return OutputSpec("rtmp", word)
    if is_srt(word):
        parse_srt(word)
        return OutputSpec("srt", word)
    if is_whip(word):
        parse_whip(word)
        return OutputSpec("whip", word)
    if word.startswith(NDI_PREFIX):
        parse_ndi(word)
        return OutputSpec("ndi", word)
    if word.startswith(VIRTUAL_CAMERA_PREFIX):
        parse_virtual_camera(word)
        return OutputSpec("vcam", word)
    for prefix, kind in ((_HLS_PREFIX, "hls"), (_IMAGES_PREFIX, KIND_OF_IMAGES)):
        if word.startswith(prefix) and word != prefix:
            return OutputSpec(kind, word.removeprefix(prefix))
    if "://" not in word and Path(word).suffix.lower() in RECORDINGS:
        return _parse_file(word)
    raise OutputError(
        f"the output {remove_secrets(word)!r}",
        "is of no known kind",
        "name a file ending in .mp4, a stream as rtmp://host/app/key, srt://host:port or "
        "whip+https://host/path, a folder as hls:FOLDER or frames:FOLDER, or ndi:NAME or vcam:",
    )


def _check_options(spec: OutputSpec, options: OutputOptions) -> OutputSpec:
    """Return an output with options that suit its kind.

    Raises:
        OutputError: they do not.
    """
    rendition = options.rendition
    if options.fallback and not spec.is_recording:
        raise OutputError(
            f"the output {spec.shown}", "has a fallback, which only a recording has", "leave it out"
        )
    if rendition.image and not spec.is_images:
        raise OutputError(
            f"the output {spec.shown}", "is no folder of images", "name one as frames:FOLDER"
        )
    if spec.kind == "whip":
        rendition = replace(rendition, is_baseline=True)
    if spec.is_images or spec.is_raw:
        if rendition.kbit_s is not None:
            raise OutputError(
                f"the output {spec.shown}", "has a bit rate, which only video has", "leave it out"
            )
        image = RAW if spec.is_raw else rendition.image or IMAGES[0]
        rendition = replace(rendition, image=image)
    return replace(spec, options=replace(options, rendition=rendition))


def parse_recording(word: str) -> OutputSpec:
    """Parse a recording's file name, even if it could also be taken for another kind of output.

    `frames:FOLDER` names a folder of images, `vertical:` before it the upright view instead of the
    program; options may follow, as in `parse_output`.

    Raises:
        OutputError: it ends in neither .mp4 nor .mov.
    """
    address, text = split_options(word)
    options = parse_options(text).read_one()
    bare = address.removeprefix(_VERTICAL_PREFIX)
    if bare.startswith(_IMAGES_PREFIX):
        return _check_options(_parse_address(address), options)
    spec = _parse_file(bare)
    view = PROGRAM if bare == address else VERTICAL
    return _check_options(replace(spec, view=view), options)


def _parse_file(word: str) -> OutputSpec:
    """Parse a recording's file name, without the view and options."""
    kind = RECORDINGS.get(Path(word).suffix.lower())
    if "://" in word or kind is None:
        raise OutputError(
            f"the recording {remove_secrets(word)!r}",
            "is no file that can be recorded",
            "name a file ending in .mp4, or with --alpha in .mov",
        )
    return OutputSpec(kind, word)
