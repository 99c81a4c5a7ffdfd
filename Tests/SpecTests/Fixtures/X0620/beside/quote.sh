#!/bin/sh -e
echo "never closed
ls
