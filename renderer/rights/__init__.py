"""Check whether licences and permissions allow an avatar in a show."""
