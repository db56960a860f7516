"""`encore song`: what belongs to a song of a show."""

GROUP = "set a song's beats in a show's document"
