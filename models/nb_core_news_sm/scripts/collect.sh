#!/usr/bin/env bash
# Put the wheel that spaCy built where set-up finds it, with its checksum.
set -euo pipefail
mkdir -p dist
rm -f dist/*
cp build/nb_core_news_sm-*/dist/nb_core_news_sm-*.whl dist/
cd dist && sha256sum nb_core_news_sm-*.whl > SHA256SUMS
