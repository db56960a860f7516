"""Commands about protected idols: keep their licences, look for copies."""

GROUP = "protected idols: refuse copies of them, and look for misuse in files"
