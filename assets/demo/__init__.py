"""The demo show: a song, a filmed performance, its truth (see avatars.authoring.clips.demo)."""
