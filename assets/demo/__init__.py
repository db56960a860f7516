"""The demo show: song, lyrics, filmed performance, truth (see avatars.authoring.clips.demo)."""
