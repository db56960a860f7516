"""The idols that come with the product; see NOTICE.md for where they are from."""
