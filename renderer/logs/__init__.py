"""Log files: one folder for each run of the program, one file of JSON lines for each process."""
