"""Mark every program picture invisibly with show and minute, and find the mark again."""
