"""Collect a file's chains of spring bones, without the joints that cannot swing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from avatars.gltf import Gltf
from avatars.model import I32
from avatars.springs.records import SpringChain, SpringJoint

MAX_JOINTS: Final = 16_384
"""Maximum number of joints in a file's springs: sixteen times what a rich avatar has."""


class ChainCollector:
    """Collects chains; exporters' faults are tolerated with a warning each."""

    def __init__(self, gltf: Gltf) -> None:
        self._gltf = gltf
        self._swinging: set[int] = set()
        self._found: list[SpringChain] = []

    def add(self, chain: SpringChain) -> None:
        """Add a chain, truncated to the joints that can swing.

        A chain ends before a joint that is not a descendant of its predecessor. It also ends at a
        node that swings in an earlier chain, which may still be its tail.
        """
        parents = self._gltf.tree.nodes.parents
        kept: list[SpringJoint] = []
        for i, joint in enumerate(chain.joints):
            if kept and not _is_descendant(parents, joint.node, kept[-1].node):
                self._warn(chain, "has a joint that does not hang from the one before")
                break
            kept.append(joint)
            is_tail_only = chain.end is None and i == len(chain.joints) - 1
            if not is_tail_only and joint.node in self._swinging:
                self._warn(chain, "shares joints with another chain, which has them")
                break
        whole = len(kept) == len(chain.joints) and (
            chain.end is None or kept[-1].node not in self._swinging
        )
        swinging = kept if whole and chain.end is not None else kept[:-1]
        if swinging:
            self._swinging.update(joint.node for joint in swinging)
            self._found.append(replace(chain, joints=tuple(kept), end=chain.end if whole else None))

    def finish(self) -> tuple[SpringChain, ...]:
        """Return the chains in the file's order."""
        return tuple(self._found)

    def _warn(self, chain: SpringChain, fault: str) -> None:
        self._gltf.warnings.add(f"the spring {chain.name[:40]!r} {fault}")


def _is_descendant(parents: I32, node: int, above: int) -> bool:
    while node > above:
        node = int(parents[node])
    return node == above
