"""The avatar as plain numpy data: reading, posing, writing, building."""
