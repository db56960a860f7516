"""Write and read a show's journal: every command, change of state and fault, numbered."""
