"""glTF 2.0 and GLB files read into plain data, whatever they hold."""

from avatars.gltf.model import Gltf, read_gltf

__all__ = ["Gltf", "read_gltf"]
