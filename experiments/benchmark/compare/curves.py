"""How cost grows: with classes, with the prompt's length, with images."""
from compare.rows import BATCH, rounds, spec, steps
from compare.session import COOP, OURS, TORCH, TRICKS, disagreements, milliseconds

CLASSES = (5, 10, 24, 50, 100, 200, 500, 1000)
LENGTHS = (1, 4, 8, 16, 32)
IMAGES = (8, 16, 32, 64)


def run(sessions, args, results, wanted):
    for name, measure in (("curve-classes", classes), ("curve-length", lengths), ("curve-images", images)):
        if wanted(name):
            print("…", name, flush=True)
            results["curves"].append(measure(sessions, args))


def curve(name, title, axis, points):
    return {"id": name, "title": title, "axis": axis, "unit": "ms",
            "points": [{"x": x, "values": times} for x, (times, _) in points],
            "disagreements": [problem for _, (_, problems) in points for problem in problems]}


def classes(sessions, args):
    points = []
    for count in CLASSES[:3] if args.quick else CLASSES:
        manners = (COOP, TRICKS) if count <= args.coop_classes else (TRICKS,)
        # One image a class: what costs is the text step.
        sizes = spec(f"classes-{count}", "text", classes=count, shots=1, views=1, batch=min(32, count))
        points.append((count, steps(sessions, sizes, args.curve_pairs, manners, 1)))
    return curve("curve-classes", "text step by classes", "classes", points)


def lengths(sessions, args):
    points = []
    for count in LENGTHS[:2] if args.quick else LENGTHS:
        sizes = spec(f"length-{count}", "text", context=count)
        points.append((count, steps(sessions, sizes, args.curve_pairs, warm=1)))
    return curve("curve-length", "text step by prompt length, 24 classes", "context vectors", points)


def images(sessions, args):
    points = []
    for count in IMAGES[:1] if args.quick else IMAGES:
        files = sessions.files("jpg", count)
        answers = rounds({OURS: lambda: sessions.ours.ask("encodeFiles", files=files),
                          TORCH: lambda: sessions.theirs.ask("encodeFiles", files=files, batch=BATCH)},
                         args.curve_pairs, 0 if points else 1)
        warm = 0 if points else 1
        points.append((count, (milliseconds(answers, warm), disagreements(f"images-{count}", answers))))
    return curve("curve-images", "photographs to features by number", "photographs", points)
