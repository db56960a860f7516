"""`encore pair`: let captures and desks on other machines join the shows of this one."""

GROUP = "let captures and desks on other machines join this machine's shows"
