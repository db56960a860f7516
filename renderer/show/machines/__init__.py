"""Let captures and desks on other machines join a show: a process beside it."""
