"""The demo show: a song, a filmed performance and its truth, made by avatars.build.demo."""
