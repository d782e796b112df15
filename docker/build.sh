#!/bin/sh
# Builds Chancery and installs it into an empty folder as the image has it: the files that npm publishes, with
# the dependencies of package-lock.json, without those of development.
#
#     sh docker/build.sh /opt/chancery
set -eu
cd "$(dirname "$0")/.."
target=$1
mkdir -p "$target"
if [ -n "$(ls -A "$target")" ]; then
  echo "docker/build.sh: $target is not empty" >&2
  exit 1
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run build
packed=$(npm pack --ignore-scripts --silent --pack-destination "$target" | tail -n 1)
tar -xzf "$target/$packed" -C "$target" --strip-components=1
rm "$target/$packed"
cp package-lock.json "$target"
mkdir "$target/docker"
cp docker/healthcheck.mjs "$target/docker"
cd "$target"
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
