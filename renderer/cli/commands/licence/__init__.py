"""Commands about licences for avatars."""

GROUP = "licences that rights holders sign for avatars"
