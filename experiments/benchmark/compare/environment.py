"""What the benchmark stands on: Python packages, checkpoint, photographs, class names, the built Java side."""
import os
import platform
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

PHOTOGRAPHS = 64
FIRST = ("red green blue small large old dark bright warm cold soft hard wet dry clean dirty thin thick round flat long "
         "short young wild quiet loud fresh sweet sharp plain striped wooden").split()
SECOND = ("field bridge flower stone river cloth tower leaf house road boat chair table horse bird fish tree cloud lamp "
          "shoe knife bottle window garden forest mountain train guitar apple bread clock castle").split()
# What the plugin gives the JVM it forks.
JVM = ("-XX:+UseSerialGC", "-Xmn32m", "-XX:Tier4InvocationThreshold=100000", "-XX:Tier4MinInvocationThreshold=100000",
       "-XX:Tier4CompileThreshold=200000", "-Djava.awt.headless=true",
       "-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true", "-DRUST_FLAVOR=cpu",
       "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dai.djl.pytorch.num_interop_threads=1")


class Missing(Exception):
    """Something the benchmark needs is not there; the message says what to do."""


def prepare(args, here, target):
    """Makes whatever is missing, and returns where everything is."""
    target.mkdir(exist_ok=True)
    scripts = here / "src" / "main" / "python"
    place = SimpleNamespace(here=here, target=target, scripts=scripts, threads=args.threads, waiting=args.waiting)
    place.python = args.python or venv(target / "python", here.parents[1] / "it/src/test/python/requirements.txt")
    place.model = (args.model or checkpoint(place)).resolve()
    place.photographs = photographs(place)
    place.names = target / "names.txt"
    # Two tokens each with OpenAI's tokenizer.
    place.names.write_text("".join(f"{a} {b}\n" for b in SECOND for a in FIRST), encoding="utf-8")
    place.class_path = build(args, here)
    return place


def execute(command, what, **options):
    print("…", what, flush=True)
    if shutil.which(str(command[0])) is None:
        raise Missing(f"{command[0]} is not there. Install it, or name another (--help).")
    ended = subprocess.run([str(part) for part in command], **options)
    if ended.returncode:
        raise Missing(f"{what} failed with status {ended.returncode}: {' '.join(map(str, command))}")


def venv(folder, requirements):
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists() or done.read_text() != requirements.read_text():
        execute(["python3", "-m", "venv", folder], "making a virtual environment")
        execute([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", requirements], "installing PyTorch and transformers")
        done.write_text(requirements.read_text())
    return str(python)


def checkpoint(place):
    folder = place.target / "vit-b-16"
    if not folder.exists():
        tokenizer = place.here.parents[1] / "metaprompt-core/src/test/resources/golden/tokens/tokenizer.json.gz"
        execute([place.python, place.scripts / "checkpoint.py", folder, tokenizer], "writing a random ViT-B/16")
    return folder


def photographs(place):
    folder = place.target / "photographs"
    if len(list(folder.glob("*.png"))) < PHOTOGRAPHS:
        folder.mkdir(exist_ok=True)
        execute([place.python, place.scripts / "photographs.py", folder, PHOTOGRAPHS], "making photographs")
    return folder


def build(args, here):
    file = here / "target" / "classpath.txt"
    if not args.skip_build:
        execute([args.maven, "-q", "-B", "-DskipTests", "-Dspotless.check.skip", "-Pbenchmark",
                 "-pl", "experiments/benchmark", "-am", "package"], "building the Java side", cwd=here.parents[1])
    if not file.exists():
        raise Missing(f"{file} is not there. Leave --skip-build out once.")
    return f"{here / 'target' / 'classes'}{os.pathsep}{file.read_text().strip()}"


def java(place, *rest):
    return ["java", *JVM, f"-Dai.djl.pytorch.num_threads={place.threads}", "-cp", place.class_path, *map(str, rest)]


def jmh(place, regex, more, out):
    options = ["-prof", "gc", "-rf", "json", "-rff", out / "jmh.json", "-p", f"model={place.model}"]
    return java(place, "org.openjdk.jmh.Main", regex, *options, *more)


def settings(args):
    return {key: getattr(args, key) for key in ("pairs", "curve_pairs", "images", "epochs", "threads", "waiting")}


def machine(here):
    facts = {"system": f"{platform.system()} {platform.release()}", "cores": os.cpu_count()}
    for file, key, name in (("/proc/cpuinfo", "model name", "cpu"), ("/proc/meminfo", "MemTotal", "memory")):
        if Path(file).exists():
            lines = Path(file).read_text().splitlines()
            facts[name] = next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "unknown")
    if hasattr(os, "getloadavg"):
        facts["loadBefore"] = round(os.getloadavg()[0], 2)
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=here, capture_output=True, text=True)
    facts["commit"] = git.stdout.strip()
    return facts
