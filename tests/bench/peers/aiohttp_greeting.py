# SPDX-License-Identifier: BSL-1.0
"""The greeting as an aiohttp application: aiohttp_greeting.py PORT."""

import sys

from aiohttp import web


async def greet(request):
    return web.Response(text=f"Hello, {request.match_info['name']}!\n")


application = web.Application()
application.add_routes([web.get("/{name}", greet)])
web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, backlog=4096,
            keepalive_timeout=300, print=None)
