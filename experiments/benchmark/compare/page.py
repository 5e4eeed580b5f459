"""The results as a page of Markdown."""
from statistics import median

from compare.session import COOP, OURS, TRICKS

NAMES = {COOP: "PyTorch, CoOp's way", TRICKS: "PyTorch, same tricks", "clip": "plain CLIP",
         "multimodal": "multi-modal path"}


def name(rival):
    return NAMES.get(rival, rival)


def ratios(entry, rival):
    """Returns median, least and largest of the rounds' ratios; above 1 ours needs less."""
    pairs = [theirs / ours for ours, theirs in zip(entry["values"][OURS], entry["values"][rival])]
    return median(pairs), min(pairs), max(pairs)


def number(value):
    if value >= 1e6:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def factor(value):
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def aim(entry, rival):
    wanted = entry["aims"].get(rival)
    if wanted is None:
        return ""
    middle = ratios(entry, rival)[0]
    if isinstance(wanted, list):
        low, high = wanted
        return f"{low}–{high}: {'met' if low <= middle <= high else '**not met**'}"
    return f"≥ {wanted}: {'met' if middle >= wanted else '**not met**'}"


def table(rows):
    lines = ["| work | unit | ours | beside | theirs | ratio | range | aim |", "|---|---|--:|---|--:|--:|--:|---|"]
    for entry in rows:
        for rival in entry["values"]:
            if rival != OURS:
                middle, low, high = ratios(entry, rival)
                lines.append(f"| {entry['title']} | {entry['unit']} | {number(median(entry['values'][OURS]))} | "
                             f"{name(rival)} | {number(median(entry['values'][rival]))} | **{factor(middle)}** | "
                             f"{factor(low)}–{factor(high)} | {aim(entry, rival)} |")
    return lines


def curve(entry):
    rivals = list(dict.fromkeys(rival for point in entry["points"] for rival in point["values"] if rival != OURS))
    lines = ["", f"### {entry['title'].capitalize()}", "",
             f"| {entry['axis']} | ours, {entry['unit']} | " + " | ".join(f"{name(r)} | ratio" for r in rivals) + " |",
             "|--:|--:|" + "--:|--:|" * len(rivals)]
    for point in entry["points"]:
        cells = [f"{point['x']:,}", number(median(point["values"][OURS]))]
        for rival in rivals:
            there = rival in point["values"]
            cells += [number(median(point["values"][rival])), factor(ratios(point, rival)[0])] if there else ["–", "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def machine(results):
    m, s = results["machine"], results["settings"]
    ours, theirs = m["ours"], m["theirs"]
    return [f"{m.get('cpu', 'unknown processor')}, {m['cores']} cores, {m.get('memory', '?')}, {m['system']}; "
            f"{s['threads']} threads on either side, waiting: {s['waiting']}. Load before the start: {m.get('loadBefore', '?')}.",
            f"Ours: {ours['java']}, {ours['engine']} through DJL, commit {m['commit'] or 'unknown'}. "
            f"Theirs: Python {theirs['python']}, {theirs['engine']} ({theirs['cpu']}), Pillow {theirs['pillow']}."]


def counted(entry):
    rounds = max(map(len, entry["values"].values()))
    return "one round" if rounds == 1 else f"{rounds} rounds"


def text(results):
    rows, curves = results["rows"], results["curves"]
    lines = ["# Ours beside PyTorch", "", *machine(results), "",
             "A ratio is theirs / ours in the same round; the median and the range of all rounds are shown. Above 1,"
             " ours needs less. The sides take turns, forwards and backwards.", ""]
    if results["disagreements"]:
        lines += ["**The two sides differ:**", "", *(f"- {d}" for d in results["disagreements"]), ""]
    else:
        lines += ["Both sides gave the same losses, gradients' steps, features and pixels in every round.", ""]
    lines += table(rows)
    if rows:
        lines += ["", "What a row includes:", "", *(f"- **{r['title']}**, {counted(r)}: {r['includes']}" for r in rows)]
    for entry in curves:
        lines += curve(entry)
    return "\n".join(lines) + "\n"
