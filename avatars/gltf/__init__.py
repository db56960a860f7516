"""Read glTF 2.0 and GLB files, trusted or not, into plain data."""

from avatars.gltf.model import Gltf, read_gltf

__all__ = ["Gltf", "read_gltf"]
