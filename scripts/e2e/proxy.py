"""Stands in for the HTTP proxy of the Kubernetes gateway, which takes a registry: GET alone, on port 3128."""
import http.server
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with urllib.request.urlopen(self.path, timeout=5) as answer:
            body = answer.read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("", 3128), Handler).serve_forever()
