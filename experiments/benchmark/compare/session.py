"""The two programs as processes that answer commands, and rounds in which they take turns."""
import json
import os
import subprocess
import time

from compare import environment

OURS = "ours"
COOP = "coop"
TRICKS = "tricks"
TORCH = "PyTorch"
# Losses: both sides compute in float32, whose unit roundoff is 6e-8, and add up in different orders through 12 layers;
# differences stay below 1e-6. A formula that differs anywhere differs by far more.
LOSS_TOLERANCE = 1e-5
# How far the context vectors moved: gradients carry that rounding once more, and steps add it up.
MOVED_TOLERANCE = 1e-4
FEATURE_TOLERANCE = 1e-5

# Rounds of rows whose aim lies within the noise, as a multiple of the others': a peak of one and the same program scatters
# by 3 %, its time on a shared machine by 15 %.
MORE = 3

# What the plugin sets for the JVM it forks on an idle machine: threads that wait spin for a moment, then sleep.
PLUGIN = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "2000"}
# By option --waiting: variables of ours and of PyTorch.
WAITING = {"shipped": (PLUGIN, {}), "passive": (PLUGIN, PLUGIN), "active": ({}, {})}
# The plugin sets this too, however threads wait.
MEMORY = {"MALLOC_ARENA_MAX": "1"}


class Side:
    """A process that answers one line with one line."""

    def __init__(self, command, variables):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
                                        env=os.environ | variables)

    def ask(self, do, **rest):
        self.process.stdin.write(json.dumps({"do": do} | rest) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise environment.Missing(f"a side ended at the command {do}; what it said stands above")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Sessions:
    """Both sides, started once and used for all rows that do not measure the start itself."""

    def __init__(self, place):
        self.place = place
        self.prepared = set()
        self.ours, self.theirs = self.new(OURS), self.new(TORCH)

    def new(self, name):
        place = self.place
        ours, theirs = WAITING[place.waiting]
        if name == OURS:
            return Side(environment.java(place, "dev.metaprompt.benchmark.Server", place.model, place.names),
                        ours | MEMORY)
        server = [place.python, str(place.scripts / "server.py"), str(place.model), str(place.names), str(place.threads)]
        return Side(server, theirs)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.ours.close()
        self.theirs.close()

    def facts(self):
        ours, theirs = self.ours.ask("facts"), self.theirs.ask("facts")
        return {"ours": ours, "theirs": theirs}

    def files(self, suffix, count):
        return [str(file) for file in sorted(self.place.photographs.glob("*." + suffix))[:count]]

    def folder(self, spec):
        """Returns the folder with what both sides begin with; ours writes it."""
        folder = self.place.target / "work" / spec["id"]
        if spec["id"] not in self.prepared:
            folder.mkdir(parents=True, exist_ok=True)
            self.ours.ask("prepare", spec=spec, folder=str(folder))
            self.prepared.add(spec["id"])
        return str(folder)


def rounds(turns, count, warm):
    """Calls all of them {name: call} in each round, in turn forwards and backwards; the first rounds only warm up."""
    answers = {name: [] for name in turns}
    order = list(turns)
    for number in range(warm + count):
        for name in order if number % 2 == 0 else reversed(order):
            answers[name].append(turns[name]())
    return answers


def disagreements(what, answers):
    """Compares what came out of each round, the first ones too."""
    found = []
    for name, theirs in answers.items():
        if name == OURS:
            continue
        for number, (mine, other) in enumerate(zip(answers[OURS], theirs)):
            for key, tolerance in (("loss", LOSS_TOLERANCE), ("moved", MOVED_TOLERANCE), ("sum", 0)):
                if key in other and not abs(mine[key] - other[key]) <= tolerance * abs(other[key]):
                    found.append(f"{what}, round {number}, {key}: ours {mine[key]}, {name} {other[key]}")
            if "feature" in other:
                largest = max(map(abs, other["feature"]))
                worst = max(abs(a - b) for a, b in zip(mine["feature"], other["feature"]))
                if not worst <= FEATURE_TOLERANCE * largest:
                    found.append(f"{what}, round {number}: a feature differs by {worst}, the largest is {largest}")
    return found


def milliseconds(answers, warm):
    return {name: [a["nanos"] / 1e6 for a in list_[warm:]] for name, list_ in answers.items()}
