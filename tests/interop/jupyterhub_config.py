"""A hub whose users have one password. Nothing is started besides the API: neither a proxy nor notebooks."""

import os

from jupyterhub.proxy import Proxy

c = get_config()  # noqa: F821


class NoProxy(Proxy):
    should_start = False

    async def add_route(self, routespec, target, data):
        pass

    async def delete_route(self, routespec):
        pass

    async def get_all_routes(self):
        return {}


c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.hub_bind_url = os.environ["HUB_URL"]
# The address of the proxy, which does not exist.
c.JupyterHub.bind_url = "http://127.0.0.1:0"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["HUB_PASSWORD"]
c.Authenticator.allowed_users = {"ada", "ben"}
