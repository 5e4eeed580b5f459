#!/usr/bin/env bash
# Builds an image of an MLflow server from Debian's and Python's packages, for machines that can pull none.
# Usage: mlflow-image.sh [tag] [MLflow version]
set -euo pipefail

tag=${1:-metaprompt/mlflow:test}
version=${2:-3.17.2}
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
install=("$work/pip/bin/python" -m pip install -q --disable-pip-version-check --only-binary=:all:
  --python-version "$python" --implementation cp --target "$root/opt/mlflow")
# MLflow itself without its dependencies: those of the server alone take a fifth of the space of all.
"${install[@]}" "mlflow-skinny==$version" "mlflow-tracing==$version" 'Flask<4' 'Flask-CORS<7' 'alembic!=1.10.0,<2' \
  'aiohttp<4' 'cryptography>=43,<51' 'graphene<4' 'huey<4,>=2.5.4' 'pandas<4' 'sqlalchemy<3'
"${install[@]}" --no-deps --upgrade "mlflow==$version" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

tar -C "$root" -c . | docker import \
  --change 'ENV PYTHONPATH=/opt/mlflow' --change 'ENV PATH=/usr/bin:/bin' --change 'ENV LANG=C.UTF-8' \
  --change 'EXPOSE 5000' --change 'VOLUME /data' - "$tag"
