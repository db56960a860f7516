"""Own what a show needs beside its engine, and save the state from which an engine goes on."""
