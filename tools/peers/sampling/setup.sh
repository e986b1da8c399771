#!/bin/sh
# Makes what `node tools/run.cjs bench-peers-sampling FOLDER` runs, in the folder named: a Python environment with
# Transformers and llama.cpp (built for this machine: needs a C++ compiler and about ten minutes), transformers.js, and
# a second environment that exports its models. The second has a Transformers that Optimum knows, and torch from the first.
set -eu
folder=${1:?expected a folder for the environments}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --requirement "$here/requirements.txt"

python3 -m venv "$folder/onnx"
packages() { "$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
packages "$folder" > "$(packages "$folder/onnx")/first-environment.pth"
"$folder/onnx/bin/pip" install --quiet --requirement "$here/requirements-onnx.txt"

# Their install scripts would download what runs on graphics processors.
mkdir -p "$folder/js"
npm install --prefix "$folder/js" --ignore-scripts --no-audit --no-fund @huggingface/transformers@4.3.1
