"""The addresses of the lessons: each as JSON for the browser, and a sheet of questions to print."""

import html
import json
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base
from ui.components import props
from ui.resources.lessons import lesson_sheet, lesson_told
from ui.routes import originals, payloads
from vae.errors import UserError
from vae.learn import words
from vae.learn.registry import in_order

LESSON = "/lessons/{name}.json"
SHEET = "/lessons/sheet"


def routes() -> list[Route]:
    """Give the routes for `streamlit.starlette.App`."""
    return [
        Route(base.path() + LESSON, serve_lesson, methods=["GET"]),
        Route(base.path() + SHEET, serve_sheet, methods=["GET"]),
    ]


def address(name: str) -> str:
    """Return where the browser gets a lesson."""
    return base.path() + LESSON.format(name=quote(name, safe=""))


def sheet_address() -> str:
    """Return where the sheet of questions is."""
    return base.path() + SHEET


def serve_lesson(request: Request) -> Response:
    """Answer with a lesson, or 404 with a sentence where it cannot be given."""
    try:
        found = lesson_told(request.path_params["name"])
        models = {role: _model(name) for role, name in found["models"].items()}
    except UserError as error:
        return PlainTextResponse(str(error), 404, headers=answers.headers(answers.NEVER))
    body = json.dumps({**found, "models": models}, allow_nan=False).encode()
    return answers.compressed(request, answers.pack(body), "application/json", answers.REVALIDATE)


def _model(name: str) -> dict[str, Any]:
    return props.of_model(name) | {
        "near": payloads.near_address(name),
        "originals": originals.address(name),
    }


def serve_sheet(request: Request) -> Response:
    """Answer with all lessons' questions and, on another page of paper, their answers."""
    found, missing = [], []
    for number, lesson in enumerate(in_order()):
        try:
            found.append((number, lesson_sheet(lesson.name)))
        except UserError as error:
            missing.append(str(error))
    headers = answers.headers(answers.NEVER)
    return HTMLResponse(sheet_page(found, missing, words.of_page()), headers=headers)


def sheet_page(
    lessons: list[tuple[int, dict[str, Any]]], missing: list[str], said: dict[str, str]
) -> str:
    """Write the sheet as a page of its own."""
    title = html.escape(said["sheet_title"])
    parts = [f"<h1>{title}</h1>", f"<p class='note'>{html.escape(said['sheet_note'])}</p>"]
    parts += [f"<p class='note'>{html.escape(sentence)}</p>" for sentence in missing]
    parts += [_part(number, lesson, "question") for number, lesson in lessons]
    parts.append(f"<h1 class='answers'>{html.escape(said['sheet_answers'])}</h1>")
    parts += [_part(number, lesson, "answer") for number, lesson in lessons]
    parts.append(f"<footer>{html.escape(said['references'])}</footer>")
    button = f"<button onclick='print()'>{html.escape(said['sheet_print'])}</button>"
    return PAGE.format(title=title, button=button, body="\n".join(parts))


def _part(number: int, lesson: dict[str, Any], which: str) -> str:
    items = "".join(
        f"<li>{html.escape(one[which])}{LINES if which == 'question' else ''}</li>"
        for one in lesson["questions"]
    )
    return f"<section><h2>{number} · {html.escape(lesson['title'])}</h2><ol>{items}</ol></section>"


# borders: a browser prints no backgrounds
LINES = "<div class='line'></div>" * 2
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1.2rem; background: #fff; color: #1f1d1a;
  font: 16px/1.5 Georgia, "Times New Roman", serif; overflow-wrap: break-word; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.4rem; }}
h2 {{ font-size: 1.05rem; margin: 1.4rem 0 0.3rem; break-after: avoid; }}
ol {{ margin: 0; padding-left: 1.4rem; }}
li {{ margin: 0.35rem 0; break-inside: avoid; }}
.note, footer {{ color: #57534c; font-size: 0.85rem; }}
.line {{ height: 1.9em; border-bottom: 1px solid #a8a39a; }}
.answers {{ break-before: page; margin-top: 3rem; }}
footer {{ margin-top: 2rem; }}
button {{ float: right; min-height: 40px; padding: 0 1rem; font: inherit; }}
/* paper: three lessons fit on a page, none is torn apart */
@page {{ margin: 15mm 18mm; }}
@media print {{
  button {{ display: none; }}
  body {{ margin: 0; max-width: none; font-size: 11pt; line-height: 1.4; }}
  section {{ break-inside: avoid; }}
  h2 {{ margin-top: 1.1rem; }}
  .line {{ height: 1.75em; }}
  .answers {{ margin-top: 0; }}
}}
</style>
</head>
<body>
{button}
{body}
</body>
</html>
"""
