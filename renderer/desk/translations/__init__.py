"""The desk's words in other languages, made with Qt Linguist."""
