"""Zero-shot inference with a learned prompt beside plain CLIP, and the multi-modal path; ours alone."""
from compare.rows import row, spec
from compare.session import MORE, OURS, milliseconds, rounds

CLIP, PROMPT, MULTIMODAL = "clip", "prompt", "multimodal"
WAYS = (PROMPT, CLIP, MULTIMODAL)


def run(sessions, args, results, wanted):
    if not wanted("inference"):
        return
    print("… inference", flush=True)
    sizes = spec("infer", "meta")
    folder, files = sessions.folder(sizes), sessions.files("jpg", args.images)
    parameters = {}
    for way in WAYS:
        parameters[way] = [sessions.ours.ask("classifier", way=way, spec=sizes, folder=folder)["parameters"]]
    answers = rounds({way: lambda way=way: sessions.ours.ask("classify", way=way, files=files) for way in WAYS},
                     MORE * args.pairs, 1)
    times = {way: [t / args.images for t in list_] for way, list_ in milliseconds(answers, 1).items()}
    results["rows"] += [
        inference("inference-time", "inference", "Photographs to classes among 24, classifier ready.", "ms an image", times),
        inference("inference-parameters", "inference, parameters read", "Numbers of checkpoint and learned tensors.",
                  "parameters", parameters)]
    memory = peaks(sessions, args, sizes, folder, files)
    if all(memory.values()):
        results["rows"].append(inference(
            "inference-memory", "inference, peak memory",
            "A fresh process: model, classifier, photographs to classes (VmHWM).", "MiB", memory))


def inference(name, title, includes, unit, values):
    """The learned prompt is ours; the others stand beside it."""
    ours = {OURS: values[PROMPT], CLIP: values[CLIP], MULTIMODAL: values[MULTIMODAL]}
    return row(name, title, includes, unit, ours, [], {CLIP: [0.98, 1.02]})


def peaks(sessions, args, sizes, folder, files):
    def fresh(way):
        side = sessions.new(OURS)
        side.ask("classifier", way=way, spec=sizes, folder=folder)
        side.ask("classify", way=way, files=files)
        peak = side.ask("memory").get("peakKibibytes")
        side.close()
        return peak / 1024 if peak else None

    found = rounds({way: lambda way=way: fresh(way) for way in WAYS}, MORE * args.pairs, 0)
    return {way: [peak for peak in list_ if peak] for way, list_ in found.items()}
