"""A bare Flask view with the same ready answers: what Flask alone costs."""

from flask import Flask, Response, request

from tests.benchmarks.documents import GZIP, PLAIN, documents


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    ready = documents()

    @app.get("/<path:path>")
    def answer(path: str) -> Response:
        encoding = GZIP if GZIP in request.accept_encodings else PLAIN
        document = ready[f"/{path}", encoding]
        return Response(document.body, headers=document.headers)

    return app
