"""Somebody else's site: pages under an origin that is not ours."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Elsewhere:
    """A web server on another port, for the articles that are put on it by path."""

    def __init__(self) -> None:
        self.articles: dict[str, str] = {"/favicon.ico": ""}
        articles = self.articles

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = articles.get(self.path)
                body = (page or "").encode()
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        # Another name and another port: an origin that has nothing to do with ours.
        self.url = f"http://localhost:{self._server.server_port}"

    def article(self, path: str, body: str) -> str:
        """Publish ``body`` in an article; its address."""
        self.articles[path] = f"<!doctype html><title>An article</title><body><h1>An article</h1>{body}</body>"
        return self.url + path

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
