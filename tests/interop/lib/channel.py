"""What `channel.mjs` is, for peers in Python."""

import json
import os
import socket
import sys
import threading
import traceback

WRITING = threading.Lock()


def report(**fact):
    """Reports one fact: ready, secret, done or failed."""
    # One line at a time: the threads of a server report too.
    with WRITING:
        print(json.dumps(fact), flush=True)


def options():
    return json.loads(sys.argv[1])


def listen():
    """Returns a socket on a free port, and its origin."""
    server = socket.create_server(("127.0.0.1", 0))
    return server, f"http://127.0.0.1:{server.getsockname()[1]}"


def serve_requests(commands):
    """Serves requests in another thread until stdin closes, which ends the process."""

    def serve():
        for line in sys.stdin:
            request = json.loads(line)
            try:
                report(done=commands[request.pop("do")](**request))
            except Exception:
                report(failed=traceback.format_exc())
        os._exit(0)

    threading.Thread(target=serve).start()
