"""An order. It calls http://depot through the HTTP proxy that the environment names, which urllib finds by itself, and knows nothing else of a mesh."""

import json
import os
import re
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME, PORT = os.environ["name"], int(os.environ["port"])

# What belongs to a request that is served, and so to the calls that are made for it.
CARRIED = ("baggage", "traceparent", "tracestate", "x-envoy-expected-rq-timeout-ms")


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, {})
            return

        headers = {header: self.headers[header] for header in CARRIED if header in self.headers}
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://depot{self.path}", headers=headers)) as reply:
                found = json.load(reply)
            self.answer(200, {**found, "path": [self.seen(), *found["path"]]})
        except urllib.error.HTTPError as error:
            self.answer(error.code, {"error": error.read().decode()})
        except OSError as error:
            self.answer(502, {"error": str(error)})

    def seen(self):
        lane = re.search("mesh-lane=([^,;]*)", self.headers.get("baggage", ""))
        trace = self.headers.get("traceparent", "").split("-")
        return {"by": NAME, "lane": lane[1] if lane else "", "trace": trace[1] if len(trace) > 1 else ""}

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    # By default five connections may wait to be taken, and a sixth is left without an answer for a second.
    request_queue_size = 128


Server(("127.0.0.1", PORT), Orders).serve_forever()
