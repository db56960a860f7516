"""Commands about guests, who perform elsewhere."""

GROUP = "performers elsewhere: invite them, and join a show as one"
