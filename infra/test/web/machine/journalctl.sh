#!/bin/bash
# What the server has said.
cat /machine/journal
