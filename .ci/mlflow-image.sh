#!/usr/bin/env bash
# Builds an image of an MLflow server from Debian's and Python's packages, for machines that can pull none.
# Usage: mlflow-image.sh [tag]
set -euo pipefail

tag=${1:-metaprompt/mlflow:test}
requirements=$(cd "$(dirname "$0")/.." && pwd)/it/src/test/python/requirements-mlflow.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
mkdir -p "$work/debs" "$root"/usr/{bin,sbin,lib,lib64} "$root"/{tmp,data,etc,opt/mlflow}
chmod 755 "$root"
chmod 1777 "$root/tmp"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done  # merged /usr, as Debian has it

# What Python needs to run, without what only an installed system needs.
packages=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances python3 libstdc++6 dash coreutils tzdata base-files \
  | grep '^[a-z]' \
  | grep -vE '^(perl|debconf|dpkg|cdebconf|gawk|original-awk|install-info)' \
  | sort -u)
# shellcheck disable=SC2086
(cd "$work/debs" && apt-get download -qq -o APT::Sandbox::User=root $packages)
for package in "$work"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -C "$root" -x --keep-directory-symlink
done
ln -sf dash "$root/usr/bin/sh"
echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"

# The image's Python, not this machine's, decides which packages fit.
python=$(ls "$root/usr/bin" | grep -oE '^python3\.[0-9]+$' | sed 's/python//')
python3 -m venv "$work/pip"
# What MLflow brings along without what a server does not import, which takes four fifths of the space.
left_out='^(contourpy|cycler|docker|fonttools|gunicorn|joblib|kiwisolver|matplotlib|narwhals|pillow|prettytable|pyarrow|'
left_out+='pyparsing|pywin32|scikit-learn|scipy|skops|threadpoolctl|waitress|wcwidth)=='
awk -v left_out="$left_out" '/^[a-z0-9]/ { keep = $0 !~ left_out } keep' "$requirements" > "$work/requirements.txt"
"$work/pip/bin/python" -m pip install -q --disable-pip-version-check --only-binary=:all: --python-version "$python" \
  --implementation cp --target "$root/opt/mlflow" --no-deps --require-hashes -r "$work/requirements.txt" \
  2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

tar -C "$root" -c . | docker import \
  --change 'ENV PYTHONPATH=/opt/mlflow' --change 'ENV PATH=/usr/bin:/bin' --change 'ENV LANG=C.UTF-8' \
  --change 'EXPOSE 5000' --change 'VOLUME /data' - "$tag"
