"""A bucket on 127.0.0.1: as much of an object store as GDAL needs to read and write small objects.

Run as a program it prints its port; objects are files in the folder given. It is a process of its own, because GDAL may
hold Python's lock while it waits for an answer. Objects called ``denied`` cannot be written.
"""

from __future__ import annotations

import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def file(self):
        return FOLDER / re.sub(r"\W", "_", self.path.partition("?")[0])

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "denied" in self.path:
            return self.answer(403)
        self.file().write_bytes(body)
        return self.answer(200, ETag='"1"')

    def do_DELETE(self):
        self.file().unlink(missing_ok=True)
        self.answer(204)

    def do_GET(self):
        if "?" in self.path or not self.file().exists():
            return self.answer(404)
        data = self.file().read_bytes()
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            return self.answer(200, data)
        first, last = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        return self.answer(206, data[first : last + 1], Content_Range=f"bytes {first}-{last}/{len(data)}")

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
