"""The rows of the table: the same work, ours and theirs in turn."""
import shutil
import time

from compare.session import COOP, MORE, OURS, TORCH, TRICKS, disagreements, milliseconds, rounds

BATCH = 8
WARM = 2
# A step is short: the JVM compiles its methods for some tens of them. A whole training's time has them in.
WARM_STEPS = 20
CLASSES = 24


def spec(name, kind, **sizes):
    """The defaults of the goals: 4 context vectors, 16 shots, 8 views, 4 tasks of 2 shots, batches of 32."""
    return dict(id=name, kind=kind, classes=CLASSES, context=4, shots=16, views=8, way=5, shot=2, tasks=4, batch=32,
                iterations=10, epochs=2, testImages=0) | sizes


def run(sessions, args, results, wanted):
    table = {"text-step": lambda: text_step(sessions, args),
             "meta-5": lambda: meta(sessions, args, 5),
             "meta-10": lambda: meta(sessions, args, 10),
             "meta-20": lambda: meta(sessions, args, 20),
             "resize": lambda: resize(sessions, args),
             "encode": lambda: encode(sessions, args),
             "files": lambda: encode_files(sessions, args),
             "train-5": lambda: train(sessions, args),
             "start": lambda: start(sessions, args)}
    for name, measure in table.items():
        if wanted(name):
            print("…", name, flush=True)
            found = measure()
            results["rows"] += found if isinstance(found, list) else [found]


def row(name, title, includes, unit, times, problems, aims=None):
    return {"id": name, "title": title, "includes": includes, "unit": unit, "values": times,
            "aims": aims or {}, "disagreements": problems}


def steps(sessions, spec_, pairs, manners=(COOP, TRICKS), warm=WARM_STEPS):
    """Steps of a training in turn; returns milliseconds and what did not agree."""
    warm = min(warm, 4 * pairs)
    folder = sessions.folder(spec_)
    sessions.ours.ask("open", spec=spec_, folder=folder)
    turns = {OURS: lambda: sessions.ours.ask("step", id=spec_["id"])}
    for manner in manners:
        sessions.theirs.ask("open", spec=spec_, folder=folder, manner=manner)
        turns[manner] = lambda manner=manner: sessions.theirs.ask("step", id=spec_["id"], manner=manner)
    answers = rounds(turns, pairs, warm)
    sessions.ours.ask("shut", id=spec_["id"])
    for manner in manners:
        sessions.theirs.ask("shut", id=spec_["id"], manner=manner)
    return milliseconds(answers, warm), disagreements(spec_["id"], answers)


def text_step(sessions, args):
    times, problems = steps(sessions, spec("text-24", "text"), args.pairs)
    return row("text-step", f"text step, {CLASSES} classes",
               "One of CoOp's steps: text features of all classes, cross-entropy of 32 kept image features, gradient of the"
               " 4 context vectors, SGD.", "ms", times, problems, {COOP: 12, TRICKS: 0.95})


def meta(sessions, args, way):
    times, problems = steps(sessions, spec(f"meta-{way}", "meta", way=way), args.pairs)
    return row(f"meta-{way}", f"meta-iteration, {way}-way",
               f"4 tasks of {way} of {CLASSES} classes, 2 supports and 14 queries a class: text features, cross-attention,"
               " MLP, both loss terms, all gradients, SGD.", "ms", times, problems)


def pictures(sessions, suffix, args):
    files = sessions.files(suffix, args.images)
    for side in (sessions.ours, sessions.theirs):
        side.ask("decode", files=files, batch=BATCH)
    return files


def encode(sessions, args):
    pictures(sessions, "png", args)
    answers = rounds({OURS: lambda: sessions.ours.ask("encode"), TORCH: lambda: sessions.theirs.ask("encode")},
                     MORE * args.pairs, WARM)
    return per_image("encode", "image encoding", f"The image tower alone, batches of {BATCH}; pixels are ready.",
                     answers, args, {TORCH: 0.95}, WARM)


def encode_files(sessions, args):
    files = sessions.files("jpg", args.images)
    answers = rounds({OURS: lambda: sessions.ours.ask("encodeFiles", files=files),
                      TORCH: lambda: sessions.theirs.ask("encodeFiles", files=files, batch=BATCH)}, args.pairs, WARM)
    return per_image("files", "photographs to features",
                     "Reading and decoding JPEG, resizing, normalising, encoding; the next batch is decoded meanwhile.",
                     answers, args, warm=WARM)


def resize(sessions, args):
    pictures(sessions, "png", args)
    answers = rounds({OURS: lambda: sessions.ours.ask("resize"), "Pillow": lambda: sessions.theirs.ask("resize")},
                     args.pairs, 40)
    return per_image("resize", "resize", "Bicubic to 224 pixels and centre crop of decoded photographs, one thread; the"
                     " pixels are equal, bit for bit.", answers, args, {"Pillow": 1}, warm=40)


def per_image(name, title, includes, answers, args, aims=None, warm=1):
    times = {side: [t / args.images for t in list_] for side, list_ in milliseconds(answers, warm).items()}
    return row(name, title, includes, "ms an image", times, disagreements(name, answers), aims)


def train(sessions, args):
    sizes = spec("train-5", "meta", epochs=args.epochs, testImages=40)
    folder = sessions.folder(sizes)
    run = sessions.place.target / "work" / "run"

    def ours():
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        return sessions.ours.ask("train", spec=sizes, folder=folder, run=str(run))

    turns = {OURS: ours}
    for manner in (COOP, TRICKS):
        turns[manner] = lambda manner=manner: sessions.theirs.ask("train", spec=sizes, folder=folder, manner=manner)
    answers = rounds(turns, args.pairs, 0)
    count = sizes["epochs"] * sizes["iterations"]
    return row("train-5", f"whole 5-way training, {count} steps",
               "Features from a file, tokens, every step, base and new accuracy on 960 + 960 kept features before the first"
               " epoch and after each (every 10 steps); ours also scores multi-modal prototypes and writes its log and"
               " checkpoints. The model is open.", "ms", milliseconds(answers, 0), disagreements("train-5", answers),
               {COOP: 12})


def start(sessions, args):
    """Fresh processes: from the command to the first step, and the most memory after three."""
    sizes = spec("text-24", "text")
    folder = sessions.folder(sizes)
    memory = {OURS: [], COOP: [], TRICKS: []}

    def fresh(name):
        side = sessions.new(OURS if name == OURS else TORCH)
        manner = {} if name == OURS else {"manner": name}
        side.ask("open", spec=sizes, folder=folder, **manner)
        answer = side.ask("step", id=sizes["id"], **manner)
        answer["nanos"] = (time.perf_counter() - side.started) * 1e9
        for _ in range(2):
            side.ask("step", id=sizes["id"], **manner)
        peak = side.ask("memory").get("peakKibibytes")
        if peak:
            memory[name].append(peak / 1024)
        side.close()
        return answer

    answers = rounds({name: lambda name=name: fresh(name) for name in memory}, args.pairs, 0)
    found = [row("start", "start-up", f"From the command to the end of the first text step with {CLASSES} classes: process,"
                 " libraries, the text tower's weights.", "ms", milliseconds(answers, 0), disagreements("start", answers))]
    if all(memory.values()):
        found.append(row("memory", "peak memory", f"The process's peak (VmHWM) after three text steps with {CLASSES}"
                         " classes.", "MiB", memory, []))
    return found
