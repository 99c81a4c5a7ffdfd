#!/bin/sh
# Runs in the new system.
set -e
mkdir -p /srv/guests
