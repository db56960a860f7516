"""Give each kit a record, to which the mark in its clips refers."""

from __future__ import annotations

from renderer.rights.kit.fan_licence import FanLicence
from renderer.rights.show_records import AvatarRecord, ShowRecord
from renderer.rights.watermark.payload import Payload, show_number


def kit_number(licence: FanLicence) -> int:
    """Return the number in the mark of a kit's clips; every kit has its own."""
    return show_number(licence.id)


def make_kit_record(licence: FanLicence) -> ShowRecord:
    """Return the record of a kit; who renders a clip is not in it."""
    terms = licence.terms
    lines = [f"allowed: clips by fans, kit {licence.id} of {licence.issuer_name}"]
    return ShowRecord(
        1,
        Payload(kit_number(licence), 0).show_code,
        terms.since,
        f"Fan clip: {terms.kit}",
        terms.usage,
        [AvatarRecord(terms.avatar, "", licence.sha256, terms.consent, lines)],
    )
