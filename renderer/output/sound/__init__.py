"""Mix the program's sound: song, stems and microphones, with click and talkback beside it."""
