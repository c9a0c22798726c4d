#!/bin/sh
# How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
# It needs jq, and a sync that syncs one file (coreutils 8.24 or newer).

field() { printf '%s\n' "$request" | jq -r "$1"; } # A field of the request.
reply() { jq -c --argjson id "$id" "{id: \$id, ok: true} + $1" "$2"; } # An answer made of a file.

# Stands in for your program: a store in one file, which each change replaces as a whole. Put calls of your own
# in its place. A function returns 0 only once the change is as durable as pullplug.json promises.

open_subject() { # The directory exists.
  file=$1/store.json
  # By its name: a test of the file also says no where the disk fails.
  names=$(ls -A "$1") || return 1
  printf '%s\n' "$names" | grep -qx store.json || { echo '{}' >"$file.tmp" && settle; }
}

change() { # put with .key and .value, or delete with .key
  case $what in
  put) program='$old[0] + {(.key): .value}' ;;
  delete) program='.key as $key | $old[0] | del(.[$key])' ;;
  esac
  printf '%s\n' "$request" | jq -c --slurpfile old "$file" "$program" >"$file.tmp" && settle
}

read_subject() { reply '{pairs: [to_entries[] | [.key, .value]]}' "$file"; } # All pairs, in any order.

close_subject() { :; }
