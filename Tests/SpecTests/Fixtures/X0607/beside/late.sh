#!/bin/bash
shopt -s nullglob
