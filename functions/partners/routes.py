"""The routes of partners."""

from typing import Final

from shared.http.routes import Route

ROUTES: Final = (Route("get_me", "GET", "/me", "What your key is good for", "key", "Me"),)
