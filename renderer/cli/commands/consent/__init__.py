"""Commands about performers' consent."""

GROUP = "consent records that performers sign"
