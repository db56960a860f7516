"""Commands about recorded takes."""

GROUP = "recorded takes"
