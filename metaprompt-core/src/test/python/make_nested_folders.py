"""Writes src/test/resources/golden/nested-folders.json: in which order torchvision reads class folders with subfolders.

Library: torchvision 0.22.1, Python 3.11. Command, in this folder: python make_nested_folders.py
"""

import json
import tempfile
from pathlib import Path

from torchvision.datasets import DatasetFolder

OUT = Path(__file__).resolve().parents[1] / "resources" / "golden" / "nested-folders.json"
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp")
FILES = """
cat/b.png cat/A.JPG cat/a/z.jpeg cat/a/Y.png cat/a-b/m.gif cat/a/c/n.bmp cat/a_b/o.WebP cat/a.b/p.png cat/0/q.webp
cat/Z/deep/er/r.png cat/notes.txt cat/a/scan.tif dog/only/below/1.png dog/only/2.jpg dog/only.d/3.png eel/10.png
eel/9.png eel/sub/9.png
""".split()

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as root:
        for name in FILES:
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        found = DatasetFolder(root, loader=None, extensions=ENDINGS)
        samples = [[Path(path).relative_to(root).as_posix(), label] for path, label in found.samples]
    OUT.write_text(json.dumps({"files": FILES, "classes": found.classes, "samples": samples}, indent=1) + "\n")
