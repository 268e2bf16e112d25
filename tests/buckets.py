"""A bucket that speaks as much of S3 as publishing needs: it lists, takes objects whole, and tags them."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Stored(NamedTuple):
    content: bytes
    content_type: str
    cache_control: str

    @property
    def tag(self) -> str:
        return hashlib.md5(self.content).hexdigest()


class Bucket:
    """``objects`` by key, and the keys that were ``put``, in their order. Path-style addresses, any bucket’s name."""

    def __init__(self) -> None:
        self.objects: dict[str, Stored] = {}
        self.put: list[str] = []
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                key = unquote(urlsplit(self.path).path).split("/", 2)[2]
                stored = Stored(content, self.headers["Content-Type"], self.headers["Cache-Control"])
                bucket.objects[key] = stored
                bucket.put.append(key)
                self._answer(b"", {"ETag": f'"{stored.tag}"'})

            def do_GET(self) -> None:
                prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
                told = "".join(
                    f"<Contents><Key>{escape(key)}</Key><LastModified>2023-05-05T00:00:00.000Z</LastModified>"
                    f"<ETag>&quot;{it.tag}&quot;</ETag><Size>{len(it.content)}</Size></Contents>"
                    for key, it in sorted(bucket.objects.items())
                    if key.startswith(prefix)
                )
                listing = f"<ListBucketResult><IsTruncated>false</IsTruncated>{told}</ListBucketResult>"
                self._answer(listing.encode(), {"Content-Type": "application/xml"})

            def _answer(self, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(200)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def environment(self) -> dict[str, str]:
        """What leads a command here."""
        return {
            "AWS_ENDPOINT": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_SKIP_SIGNATURE": "true",
            "AWS_REGION": "eu-west-2",
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
