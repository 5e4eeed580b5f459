#!/usr/bin/env python3
"""The counterpart in PyTorch of dev.metaprompt.benchmark.Server: the same commands, the same answers.

    python server.py MODEL_FOLDER NAMES_FILE THREADS

Reads one JSON object a line and answers each with one line: how many nanoseconds the work alone took, and what came out.
"""
import json
import sys
import time

import torch

from training import Training
from weights import Weights


class Workplace:
    def __init__(self, folder, names):
        self.weights = Weights(folder)
        with open(names, encoding="utf-8") as lines:
            self.names = lines.read().splitlines()
        self.trainings, self.decoded, self.batches, self._pictures = {}, [], [], None

    @property
    def pictures(self):
        if self._pictures is None:
            from pictures import Pictures
            self._pictures = Pictures(self.weights)
        return self._pictures

    def facts(self, command):
        import PIL
        return {"python": sys.version.split()[0], "engine": "PyTorch " + torch.__version__,
                "pillow": PIL.__version__, "threads": torch.get_num_threads(), "cpu": torch.backends.cpu.get_cpu_capability()}

    def open(self, command):
        key = command["spec"]["id"], command["manner"]
        self.trainings[key] = Training(self.weights, command["spec"], self.names, command["folder"], command["manner"])
        return {}

    def step(self, command):
        training = self.trainings[command["id"], command["manner"]]
        answer = timed(lambda: {"loss": training.step()})
        return answer | {"moved": training.moved()}

    def shut(self, command):
        del self.trainings[command["id"], command["manner"]]
        return {}

    def train(self, command):
        new = lambda: Training(self.weights, command["spec"], self.names, command["folder"], command["manner"])
        return timed(lambda: {"loss": new().train()})

    def decode(self, command):
        from pictures import decode
        self.decoded = [decode(file) for file in command["files"]]
        self.batches = self.pictures.batches(self.decoded, command["batch"])
        return {}

    def resize(self, command):
        return timed(lambda: {"sum": self.pictures.resize(self.decoded)})

    def encode(self, command):
        return timed(lambda: {"feature": self.pictures.encode(self.batches)[-1].tolist()})

    def encodeFiles(self, command):
        return timed(lambda: {"feature": self.pictures.encode_files(command["files"], command["batch"])[-1].tolist()})

    def memory(self, command):
        try:
            with open("/proc/self/status") as status:
                return {"peakKibibytes": next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))}
        except OSError:
            return {}


def timed(work):
    start = time.perf_counter_ns()
    answer = work()
    return {"nanos": time.perf_counter_ns() - start} | answer


def main(folder, names, threads):
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    answers, sys.stdout = sys.stdout, sys.stderr
    workplace = Workplace(folder, names)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(workplace, command["do"])(command)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
