#!/usr/bin/env python3
"""Records what rapplan prints, with its colours, as a picture of a terminal.

usage: docs/pictures/record.py [--check] [PROGRAM]

PROGRAM is target/debug/rapplan unless named. With --check nothing is written; the exit status is 1 when a picture differs
from what the program prints now. The same program gives the same picture, whatever the terminal, locale or folder.
"""

import html
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLUMNS = 100

# Sections that are left out, each replaced by a line that says so.
PICTURES = {
    "size.svg": (["size", "--partitions", "120"], {"Services", "Memory of the vectors", "Room"}),
}

# Pixels.
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE, MARGIN, BAR = 8.4, 19, 14, 20, 36
# A background of its own keeps the text readable on light and on dark pages. Contrast with it is at least 5:1.
BACKGROUND, FRAME, TEXT, DIM = "#0d1117", "#30363d", "#c9d1d9", "#8b949e"
COLOURS = {30: "#8b949e", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea", 37: "#f0f6fc"}
BOLD = "#f0f6fc"
LEFT_OUT = " lines left out of this picture]\x1b[0m"
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def printed(program: pathlib.Path, arguments: list[str]) -> list[str]:
    """What the program prints, in a folder and an environment that say nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"COLUMNS": str(COLUMNS), "HOME": folder, "PATH": ""}
        done = subprocess.run(
            [program, *arguments, "--color", "always"], cwd=folder, env=environment, capture_output=True, check=True, text=True
        )
    return done.stdout.rstrip("\n").split("\n")


def heading(line: str) -> str:
    """The heading of a section, which is the only line that is bold from its first character; else nothing."""
    found = re.fullmatch(r"\x1b\[1m([^\x1b]+)\x1b\[0m", line)
    return found[1] if found else ""


def shortened(lines: list[str], left_out: set[str]) -> list[str]:
    """The lines, with one line in place of each section that is left out."""
    result, section, missing = [], "", set(left_out)
    for line in lines:
        if heading(line):
            section = heading(line)
            if section in left_out:
                missing.discard(section)
                count = sum(1 for _ in section_of(lines, section))
                if len(result) > 1 and result[-2].endswith(LEFT_OUT):
                    result.pop()
                result += [f"\x1b[2m[{section}: {count}{LEFT_OUT}", ""]
        if section not in left_out:
            result.append(line)
    if missing:
        sys.exit(f"no such section is printed: {', '.join(sorted(missing))}")
    return result


def section_of(lines: list[str], name: str):
    """The lines of a section that are not empty, without its heading."""
    inside = False
    for line in lines:
        if heading(line):
            inside = heading(line) == name
        elif inside and line:
            yield line


def runs(line: str):
    """The parts of a line, each with its codes of colour."""
    codes: set[int] = set()
    at = 0
    for escape in [*ESCAPE.finditer(line), None]:
        text = line[at : escape.start() if escape else len(line)]
        if text:
            yield text, frozenset(codes)
        if escape:
            at = escape.end()
            for code in (int(code or 0) for code in escape[1].split(";")):
                codes = set() if code == 0 else codes | {code}


def style(codes: frozenset[int]) -> str:
    """The attributes of a run."""
    colour = next((COLOURS[code] for code in sorted(codes) if code in COLOURS), None)
    if 2 in codes:
        colour = DIM
    if 1 in codes:
        return f' fill="{colour or BOLD}" font-weight="bold"'
    return f' fill="{colour}"' if colour else ""


def picture(command: str, lines: list[str]) -> str:
    """The picture of a terminal in which the command was run."""
    lines = [f"\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m", *lines]
    width = round(COLUMNS * CELL_WIDTH + 2 * MARGIN)
    height = BAR + LINE_HEIGHT * len(lines) + MARGIN
    plain = html.escape(f"What the command {command} prints in a terminal")
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{plain}">',
        "<!-- Recorded by docs/pictures/record.py; do not edit. -->",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{BACKGROUND}" stroke="{FRAME}"/>',
    ]
    out += [f'<circle cx="{MARGIN + 16 * i}" cy="18" r="5" fill="{FRAME}"/>' for i in range(3)]
    out.append(
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="{FONT_SIZE}"'
        f' fill="{TEXT}">'
    )
    for number, line in enumerate(lines):
        y = BAR + LINE_HEIGHT * number + FONT_SIZE
        column = 0
        for text, codes in runs(line):
            blank = len(text) - len(text.lstrip(" "))
            shown = text.strip(" ")
            if shown:
                # The length is said, so that columns stay in line whatever font there is.
                x, length = MARGIN + (column + blank) * CELL_WIDTH, len(shown) * CELL_WIDTH
                out.append(
                    f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
                    f' xml:space="preserve"{style(codes)}>{html.escape(shown, quote=False)}</text>'
                )
            column += len(text)
    return "\n".join([*out, "</g>", "</svg>", ""])


def main() -> None:
    arguments = sys.argv[1:]
    check = "--check" in arguments
    names = [argument for argument in arguments if argument != "--check"]
    program = pathlib.Path(names[0] if names else ROOT / "target" / "debug" / "rapplan").resolve()
    stale = []
    for name, (command, left_out) in PICTURES.items():
        text = picture(" ".join(["rapplan", *command]), shortened(printed(program, command), left_out))
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
            print(f"recorded {path.relative_to(ROOT)}")
    if check and stale:
        sys.exit(f"{', '.join(stale)}: not what the program prints now; record again: docs/pictures/record.py")


if __name__ == "__main__":
    main()
