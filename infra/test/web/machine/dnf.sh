#!/bin/bash
# Node as Amazon Linux installs it. Unzip is here already.
[[ $* == 'install --assumeyes --quiet nodejs24 unzip' ]] || { printf 'dnf: not expected: %s\n' "$*" >&2; exit 1; }
cp /machine/node /usr/bin/node-24
