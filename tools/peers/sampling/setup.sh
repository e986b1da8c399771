#!/bin/sh
# Makes a Python environment with Transformers and llama.cpp (built for this machine: needs a C++ compiler and about ten
# minutes) in the folder named, for `node tools/run.cjs bench-peers-sampling FOLDER`.
set -eu
folder=${1:?expected a folder for the environment}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --requirement "$(dirname "$0")/requirements.txt"
