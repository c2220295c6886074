#!/bin/bash
# Writes down what CloudFormation would hear, an argument a line.
printf '%s\n' "$@" >>/machine/signal
