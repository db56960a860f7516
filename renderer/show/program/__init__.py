"""What is sent and recorded: frames, outputs, songs and sound of the program."""
