"""Commands about kits from which fans render clips."""

GROUP = "kits from which fans render limited clips of an idol"
