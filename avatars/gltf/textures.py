"""Read the textures that materials use: images and samplers.

Sources: glTF 2.0 specification, 3.8; KHR_texture_transform; EXT_texture_webp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from avatars.gltf.buffers import Buffers
from avatars.gltf.fields import Fields
from avatars.gltf.images import U8, decode_picture, picture_size
from avatars.gltf.material_fields import read_integer, read_number, read_numbers
from avatars.model import Texture, TextureUse

Wrap = Literal["repeat", "mirror", "clamp"]
_WRAPS: Final[dict[int, Wrap]] = {10497: "repeat", 33071: "clamp", 33648: "mirror"}
_NEAREST: Final = 9728
_LAST_UV_SET: Final = 999
"""Maximum n of TEXCOORD_n; no exporter writes more than eight."""

MAX_TEXTURES: Final = 1024
"""Maximum number of textures in use; heavy avatars have a fifth of that."""
_LEFT_OUT: Final = "the texture is left out"
LARGEST_SIDE: Final = 4096
"""Maximum side of a decoded image, pixels; no stage shows a difference beyond it."""
MAX_KEPT_BYTES: Final = 384 << 20
"""Maximum bytes of an avatar's decoded images; no stage shows a difference beyond it. Ninety-six
1024² textures fit, or six of 4096²."""


@dataclass(frozen=True, slots=True)
class UvSets:
    """The UV sets that the textures of one material use.

    Attributes:
        first: the base texture's, the number in TEXCOORD_n; becomes Primitive.uv.
        second: another one; becomes Primitive.second_uv. None if all textures use the first.
    """

    first: int = 0
    second: int | None = None


ONE_UV_SET: Final = UvSets()


class Textures:
    """Collects the textures that materials use, in the order of first use.

    The thumbnail and other images that no material uses are never decoded, and decoding starts only
    when all images in use are known to fit the limits. A texture that dangles, or whose image does,
    is skipped with a warning.
    """

    def __init__(self, root: Fields, buffers: Buffers) -> None:
        self._buffers = buffers
        self._textures = root.children("textures")
        self._samplers = root.children("samplers")
        self._images = root.children("images")
        self._places: dict[int, int | None] = {}
        self._used: list[tuple[int, int]] = []
        self._files: dict[int, memoryview] = {}
        self._sizes: dict[int, tuple[int, int]] = {}

    def use(self, parent: Fields, key: str, sets: UvSets = ONE_UV_SET) -> TextureUse | None:
        """Read a textureInfo member.

        Args:
            parent: the object that contains it.
            key: the member.
            sets: the UV sets that the material's vertices will have.

        Returns:
            The texture and its UV transform; None where it is absent or dangles.

        Raises:
            AvatarError: the texture's image cannot be read.
        """
        if not parent.has(key):
            return None
        info = parent.child(key)
        number = info.reference("index", len(self._textures), "textures", _LEFT_OUT)
        texture = None if number is None else self.place(number)
        if texture is None:
            return None
        wanted = coordinate_set(info)
        if wanted not in (sets.first, sets.second):
            parent.warn(
                key, f"uses TEXCOORD_{wanted}, the third UV set of a material that may use two"
            )
        uv_set = int(wanted == sets.second)
        transform = info.extension("KHR_texture_transform")
        if transform is None:
            return TextureUse(texture, uv_set=uv_set)
        u, v = read_numbers(transform, "offset", (0.0, 0.0))
        width, height = read_numbers(transform, "scale", (1.0, 1.0))
        rotation = read_number(transform, "rotation", 0.0)
        return TextureUse(texture, (u, v), (width, height), rotation, uv_set)

    def optional(self, parent: Fields, key: str) -> int | None:
        """Read a bare texture index, as VRM 0.x writes it; None where it is absent or dangles."""
        index = parent.optional_reference(
            key, len(self._textures), "textures", _LEFT_OUT, or_negative=True
        )
        return None if index is None else self.place(index)

    def place(self, index: int) -> int | None:
        """Return the index among textures in use of the file's texture; None without an image."""
        if index not in self._places:
            self._places[index] = self._take_into_use(index)
        return self._places[index]

    def _take_into_use(self, index: int) -> int | None:
        fields = self._textures[index]
        if len(self._used) >= MAX_TEXTURES:
            fields.fail("source", f"is one texture more than {MAX_TEXTURES}", "merge some")
        image = self._source(fields)
        if image is None:
            return None
        if image not in self._files:
            self._files[image] = self._picture_file(image)
        self._used.append((index, image))
        return len(self._used) - 1

    def _source(self, texture: Fields) -> int | None:
        """Return the index of a texture's image; None, with a warning, where it has none."""
        webp = texture.extension("EXT_texture_webp")
        for holder in (texture,) if webp is None else (webp, texture):
            loss = _LEFT_OUT if holder is texture else "the texture's other picture is used"
            image = holder.reference("source", len(self._images), "images", loss)
            if image is not None and self._has_data(self._images[image], loss):
                return image
        return None

    def _has_data(self, image: Fields, loss: str) -> bool:
        """Return whether an image's bytes exist; log a warning where they do not."""
        if image.has("bufferView") or not image.has("uri"):
            count = self._buffers.view_count
            return image.reference("bufferView", count, "buffer views", loss) is not None
        is_there = not self._buffers.is_file_missing(image, "uri")
        if not is_there:
            image.warn("uri", f"names {image.text('uri')[:60]!r}, which is not there, so {loss}")
        return is_there

    def decode(self) -> tuple[Texture, ...]:
        """Decode and return all textures in use; TextureUse.texture indexes this tuple.

        Raises:
            AvatarError: an image is damaged.
        """
        shrinks = _shrinks(self._sizes)
        for image, shrink in shrinks.items():
            if shrink > 1:
                own = self._images[image]
                own.warnings.add(f"is large and is shrunk to 1/{shrink} of its sides", own.path)
        pixels = {
            image: decode_picture(self._thing(self._images[image]), data, shrinks[image])
            for image, data in self._files.items()
        }
        return tuple(
            self._texture(self._textures[index], self._images[image], pixels[image])
            for index, image in self._used
        )

    def _texture(self, fields: Fields, image: Fields, pixels: U8) -> Texture:
        name = fields.text("name") or image.text("name")
        sampler = fields.optional_reference(
            "sampler", len(self._samplers), "samplers", "the picture is repeated and smoothed"
        )
        if sampler is None:
            return Texture(name, pixels, ("repeat", "repeat"))
        sampling = self._samplers[sampler]
        wrap = (_wrap(sampling, "wrapS"), _wrap(sampling, "wrapT"))
        return Texture(name, pixels, wrap, sampling.integer("magFilter", 0) == _NEAREST)

    def file(self, image: int) -> memoryview:
        """Return the bytes of the file's image `image`, unchecked.

        Raises:
            AvatarError: they are missing.
        """
        fields = self._images[image]
        if not fields.has("bufferView"):
            return self._buffers.resource(fields, "uri")
        view = fields.index("bufferView", self._buffers.view_count, "buffer views")
        return self._buffers.view(view)[0]

    def _picture_file(self, image: int) -> memoryview:
        """Return an image's undecoded bytes, after checking its size against the budget."""
        fields, data = self._images[image], self.file(image)
        width, height = picture_size(self._thing(fields), data)
        self._buffers.spend_pictures(width * height * 4)
        self._sizes[image] = (width, height)
        return data

    def _thing(self, image: Fields) -> str:
        return f"{image.thing}, {image.path}"


def _shrinks(sizes: dict[int, tuple[int, int]]) -> dict[int, int]:
    """Return each image's reduction factor, for LARGEST_SIDE and then for MAX_KEPT_BYTES.

    The largest images are reduced first, to keep the details of small ones.
    """
    shrinks = dict.fromkeys(sizes, 1)

    def side(image: int) -> int:
        return max(sizes[image]) // shrinks[image]

    def total() -> int:
        return sum(
            4 * (width // shrinks[image]) * (height // shrinks[image])
            for image, (width, height) in sizes.items()
        )

    while sizes:
        largest = max(map(side, sizes))
        if largest <= LARGEST_SIDE and total() <= MAX_KEPT_BYTES:
            break
        for image in [image for image in sizes if side(image) > largest // 2]:
            shrinks[image] *= 2
    return shrinks


def coordinate_set(info: Fields) -> int:
    """Return the UV set of a textureInfo; its transform's `texCoord` takes precedence."""
    transform = info.extension("KHR_texture_transform")
    plain = read_integer(info, "texCoord", 0, 0, _LAST_UV_SET)
    if transform is None:
        return plain
    return read_integer(transform, "texCoord", plain, 0, _LAST_UV_SET)


def _wrap(sampler: Fields, key: str) -> Wrap:
    code = sampler.integer(key, 10497)
    if code not in _WRAPS:
        sampler.fail(key, f"is {code}, which glTF does not know")
    return _WRAPS[code]
