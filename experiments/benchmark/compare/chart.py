"""The results as one SVG: a bar for each ratio, a panel for each curve; light or dark as the reader's screen is."""
import math
from html import escape
from statistics import median

from compare import page
from compare.session import OURS

WIDTH = 980
LABEL = 390
ROW = 26
PANEL = 300
GAP = 24
STYLE = """
svg{background:var(--p)}:root{--p:#ffffff;--t:#1f2328;--s:#59636e;--g:#d1d9e0;--a:#0969da;--b:#bc4c00;--c:#8250df}
@media(prefers-color-scheme:dark){:root{--p:#0d1117;--t:#e6edf3;--s:#9198a1;--g:#3d444d;--a:#4493f8;--b:#db6d28;--c:#ab7df8}}
text{font-family:system-ui,sans-serif;font-size:12px;fill:var(--t)}.h{font-size:16px;font-weight:700}.b{font-size:13px;font-weight:600}.s{fill:var(--s)}
.e{text-anchor:end}.m{text-anchor:middle}.g{stroke:var(--g);fill:none}.r{stroke:var(--t);fill:none;stroke-width:1.5}
.o{stroke:var(--s);stroke-dasharray:4 3}.k0{fill:var(--a);stroke:var(--a)}.k1{fill:var(--b);stroke:var(--b)}
.k2{fill:var(--c);stroke:var(--c)}.l{fill:none;stroke-width:2}
"""


def svg(results):
    bars = [(row, rival) for row in results["rows"] for rival in row["values"] if rival != OURS]
    parts, y = [], 0
    if bars:
        parts, y = ratios(bars)
    for index, entry in enumerate(results["curves"]):
        x = GAP + index * (PANEL + GAP)
        parts += panel(entry, x, y + 50)
    height = y + (PANEL + 110 if results["curves"] else 20)
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-label="{escape(summary(bars))}">')
    return "\n".join([head, f"<style>{STYLE}</style>", f'<rect width="{WIDTH}" height="{height}" fill="var(--p)"/>',
                      *parts, "</svg>"]) + "\n"


def summary(bars):
    told = [f"{row['title']} beside {page.name(rival)}: {page.factor(page.ratios(row, rival)[0])}" for row, rival in bars]
    return "Ratios, theirs over ours. " + "; ".join(told)


def write(x, y, text, kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(str(text))}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def scale(values, start, end):
    """Returns a logarithmic scale over round numbers that hold all values, and the marks on it."""
    low, high = (math.log10(f(values)) for f in (min, max))
    steps = [m * 10 ** e for e in range(math.floor(low) - 1, math.ceil(high) + 2) for m in (1, 2, 5)]
    first = max((s for s in steps if math.log10(s) <= low + 1e-9))
    last = min((s for s in steps if math.log10(s) >= high - 1e-9))
    if first == last:
        last *= 2
    span = math.log10(last / first)
    place = lambda value: start + (end - start) * math.log10(value / first) / span
    marks = [s for s in steps if first <= s <= last]
    return place, [m for m in marks if str(f"{m:g}").lstrip("0.")[:1] == "1"] if len(marks) > 7 else marks


def ratios(bars):
    parts = [write(20, 30, "How many times less ours needs (theirs / ours, logarithmic)", "h")]
    every = [v for row, rival in bars for v in page.ratios(row, rival)] + [1]
    place, marks = scale(every, LABEL, WIDTH - 70)
    bottom = 60 + ROW * len(bars)
    for mark in marks:
        parts += [line(place(mark), 50, place(mark), bottom, "g"), write(place(mark), bottom + 16, f"{mark:g}", "s m")]
    parts.append(line(place(1), 46, place(1), bottom, "o"))
    for index, (row, rival) in enumerate(bars):
        y = 60 + ROW * index
        middle, low, high = page.ratios(row, rival)
        left, right = sorted((place(1), place(middle)))
        parts += [write(LABEL - 12, y + 14, f"{row['title']} · {page.name(rival)}", "e"),
                  f'<rect x="{left:.1f}" y="{y + 3}" width="{max(right - left, 1):.1f}" height="14" class="{kind(rival)}"'
                  ' fill-opacity=".75" stroke="none"/>',
                  line(place(low), y + 10, place(high), y + 10, "r"),
                  write(max(place(high), right) + 6, y + 14, page.factor(middle))]
    return parts, bottom + 30


def kind(side):
    return {OURS: "k0", "coop": "k1"}.get(side, "k2")


def panel(entry, left, top):
    points = entry["points"]
    sides = list(dict.fromkeys(side for point in points for side in point["values"]))
    across, _ = scale([p["x"] for p in points], left + 44, left + PANEL - 10)
    up, marks = scale([median(v) for p in points for v in p["values"].values()], top + PANEL - 30, top + 50)
    parts = [write(left, top, entry["title"].capitalize(), "b"), write(left, top + 18, f"{entry['unit']}, logarithmic", "s")]
    for mark in marks:
        parts += [line(left + 44, up(mark), left + PANEL - 10, up(mark), "g"),
                  write(left + 38, up(mark) + 4, f"{mark:,g}", "s e")]
    for point in points:
        parts.append(write(across(point["x"]), top + PANEL - 10, f"{point['x']:,}", "s m"))
    parts.append(write(left + PANEL / 2 + 20, top + PANEL + 8, entry["axis"], "s m"))
    for index, side in enumerate(sides):
        spots = [(across(p["x"]), up(median(p["values"][side]))) for p in points if side in p["values"]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" class="{kind(side)} l" style="fill:none"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="{kind(side)}"/>' for x, y in spots]
        label = "ours" if side == OURS else page.name(side)
        parts += [f'<rect x="{left + 44}" y="{top + PANEL + 16 + 14 * index}" width="10" height="10" class="{kind(side)}"/>',
                  write(left + 60, top + PANEL + 25 + 14 * index, label, "s")]
    return parts
