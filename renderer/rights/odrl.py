"""Write licence terms as an ODRL 2.2 policy, and read them back.

The policy is a closed profile: exactly the permission, constraints, duties and prohibitions that
`build_policy` writes. A policy with anything else is refused, since an unknown constraint could be
a limit that this program would ignore.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from renderer.errors import RightsError
from renderer.rights.credentials.decoding import json_name
from renderer.rights.declaration import Content, OutputKind, Usage
from renderer.rights.terms import LicenceTerms

PROFILE: Final = "urn:encore:odrl-profile:1"
"""Identifier of the closed profile."""

Operand = Literal["performer", "event", "spatial", "output", "usage", "content"]


class Constraint(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename=json_name):
    """A limit: the left operand is one of the values, or at most the value (`lteq`)."""

    left_operand: Operand
    operator: Literal["isAnyOf", "lteq"]
    right_operand: list[str]


class Duty(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something to be done with the permission: show a credit or a label."""

    action: Literal["attribute", "label"]
    text: str


class Rule(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A permission or prohibition of an action on the avatar file."""

    action: Literal["perform", "clip", "train"]
    target: str
    constraint: list[Constraint] = []
    duty: list[Duty] = []


class Policy(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """An ODRL agreement, as a term of use of a credential."""

    type: Literal["OdrlAgreement"]
    uid: str
    profile: Literal["urn:encore:odrl-profile:1"]
    permission: list[Rule]
    prohibition: list[Rule] = []


def build_policy(terms: LicenceTerms, uid: str) -> Policy:
    """Return the policy of terms."""
    target = f"urn:sha256:{terms.sha256}"
    constraints = [
        Constraint("performer", "isAnyOf", list(terms.performers)),
        Constraint("event", "isAnyOf", list(terms.shows)),
        Constraint("spatial", "isAnyOf", list(terms.territories)),
        Constraint("output", "isAnyOf", [kind.value for kind in terms.outputs]),
        Constraint("usage", "lteq", [terms.usage.value]),
        Constraint("content", "isAnyOf", [kind.value for kind in terms.content]),
    ]
    duties = [Duty("attribute", terms.credit)] if terms.credit else []
    duties += [Duty("label", terms.label)] if terms.label else []
    permissions = [Rule("perform", target, constraints, duties)]
    prohibitions: list[Rule] = []
    for action, is_allowed in (("clip", terms.fan_clips), ("train", terms.training)):
        rule = Rule("clip" if action == "clip" else "train", target)
        (permissions if is_allowed else prohibitions).append(rule)
    return Policy("OdrlAgreement", uid, PROFILE, permissions, prohibitions)


def read_policy(
    policy: Policy, what: str, avatar: str, depicts: str, since: datetime, until: datetime | None
) -> LicenceTerms:
    """Return the terms of a policy; the other values come from the credential around it.

    Raises:
        RightsError: the policy has contradictory, missing or repeated parts.
    """
    rules = {rule.action: rule for rule in policy.permission}
    denied = {rule.action for rule in policy.prohibition}
    perform = rules.get("perform")
    targets = {rule.target for rule in (*policy.permission, *policy.prohibition)}
    if (
        perform is None
        or len(rules) != len(policy.permission)
        or denied & rules.keys()
        or len(targets) != 1
    ):
        raise _build_error(what, "contradicts itself")
    if any(rule.constraint or rule.duty for action, rule in rules.items() if action != "perform"):
        raise _build_error(what, "has limits on clips or training")
    limits = {limit.left_operand: limit for limit in perform.constraint}
    duties = {duty.action: duty.text for duty in perform.duty}
    if len(limits) != len(perform.constraint) or set(limits) != set(get_args(Operand)):
        raise _build_error(what, "repeats or lacks a limit")
    if len(duties) != len(perform.duty):
        raise _build_error(what, "repeats a duty")
    if any((limit.operator == "lteq") != (name == "usage") for name, limit in limits.items()):
        raise _build_error(what, "has a limit with an operator that does not fit")

    def values(name: Operand) -> tuple[str, ...]:
        return tuple(limits[name].right_operand)

    try:
        (usage,) = values("usage")
        return LicenceTerms(
            avatar,
            targets.pop().removeprefix("urn:sha256:"),
            values("performer"),
            values("event"),
            values("spatial"),
            tuple(map(OutputKind, values("output"))),
            Usage(usage),
            tuple(map(Content, values("content"))),
            since,
            until,
            duties.get("attribute", ""),
            duties.get("label", ""),
            depicts,
            "clip" in rules,
            "train" in rules,
        )
    except ValueError as fault:
        raise _build_error(what, f"has a value that is unknown ({fault})") from fault


def _build_error(what: str, fault: str) -> RightsError:
    return RightsError(
        what, f"has a policy that {fault}", "ask its issuer for a licence that Encore made"
    )
