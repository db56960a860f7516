"""Commands about avatar files."""

GROUP = "avatar files: look at, check and make them"
