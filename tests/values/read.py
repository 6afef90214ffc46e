"""Reads every file of a rendering the way its format is read, and prints one JSON object: path -> what was read.

usage: read.py FOLDER
"""

import json
import pathlib
import re
import shlex
import sys

import yaml
from markdown_it import MarkdownIt


def spaced(text: str) -> str:
    """Markdown does not tell line ends and rows of spaces from one space."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


def inline(token) -> list:
    parts: list[list[str]] = []
    for child in token.children or []:
        kind = "text" if child.type in ("text", "text_special", "softbreak", "hardbreak") else child.type
        content = " " if child.type.endswith("break") else child.content
        if parts and kind == "text" and parts[-1][0] == "text":
            parts[-1][1] += content
        else:
            parts.append([kind, content])
    return [[kind, spaced(content)] for kind, content in parts]


def markdown(text: str) -> list:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [[t.type, t.tag, inline(t) if t.type == "inline" else spaced(t.content)] for t in tokens]


def unit(text: str) -> list:
    """Settings of systemd; `%%` is a percent sign, and quotes around a whole value are taken off."""
    out = []
    for line in text.replace("\\\n", " ").splitlines():
        if line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            quoted = len(value) > 1 and value[0] == value[-1] == '"'
            out.append([name, (value[1:-1] if quoted else value.strip()).replace("%%", "%")])
    return out


def nginx(text: str) -> list:
    """Words as ngx_conf_read_token takes them."""
    word = r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|#[^\n]*|[{};]|(?:\\.|\$\{|[^\s;{}])+'
    words = [w for w in re.findall(word, text, re.S) if not w.startswith("#")]
    special = {"t": "\t", "r": "\r", "n": "\n"}
    plain = lambda m: special.get(m[1], m[1])
    return [re.sub(r"\\(.)", plain, w[1:-1], flags=re.S) if w[0] in "\"'" else w for w in words]


def read(path: pathlib.Path):
    text = path.read_bytes().decode()
    match path.suffix:
        case ".yaml" | ".yml":
            return yaml.safe_load(text)
        case ".json":
            return json.loads(text)
        case ".md":
            return markdown(text)
        case ".sh":
            return shlex.split(text, comments=True)
        case ".service" | ".timer" | ".mount":
            return unit(text)
        case ".conf":
            return nginx(text) if path.name == "nginx.conf" else unit(text)
        case _ if path.name.startswith(".env"):
            return None  # Compose reads it
        case _:
            return [line for line in text.split("\n") if not line.startswith("#")]


folder = pathlib.Path(sys.argv[1])
files = sorted(path for path in folder.rglob("*") if path.is_file())
json.dump({str(path.relative_to(folder)): read(path) for path in files}, sys.stdout)
