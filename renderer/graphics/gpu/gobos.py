"""Upload gobos as the layers of one texture."""

from __future__ import annotations

import moderngl

from renderer.stage.lights.gobos import GoboLibrary


def gobo_texture(context: moderngl.Context, gobos: GoboLibrary) -> moderngl.TextureArray:
    """Return the gobos of a library as an array texture with mipmaps."""
    count, height, width = gobos.layers.shape
    texture = context.texture_array((width, height, count), 1, gobos.layers.tobytes())
    texture.repeat_x = texture.repeat_y = False
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    return texture
