"""Write log files: a folder for each run of the program, a JSON lines file for each process."""
