#!/bin/sh
# How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
# It needs jq, and a sync that syncs one file (coreutils 8.24 or newer).

field() { printf '%s\n' "$request" | jq -r "$1"; } # A field of the request.
reply() { jq -c --argjson id "$id" "{id: \$id, ok: true} + $1" "$2"; } # An answer made of a file.

# Stands in for your program: a log in one file, which each change replaces as a whole. Put calls of your own
# in its place. A function returns 0 only once the change is as durable as pullplug.json promises.

open_subject() { # The directory exists.
  file=$1/log.json
  # By its name: a test of the file also says no where the disk fails.
  names=$(ls -A "$1") || return 1
  printf '%s\n' "$names" | grep -qx log.json || { echo '[]' >"$file.tmp" && settle; }
}

change() { # append with .entry
  printf '%s\n' "$request" | jq -c --slurpfile old "$file" '$old[0] + [.entry]' >"$file.tmp" && settle
}

read_subject() { reply '{entries: .}' "$file"; } # All entries, in order.

close_subject() { :; }
