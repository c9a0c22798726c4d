#!/bin/sh
# How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
# It needs jq, and a sync that syncs one file (coreutils 8.24 or newer).

field() { printf '%s\n' "$request" | jq -r "$1"; } # A field of the request.

# Stands in for your program: a file that is replaced by a rename. Put calls of your own
# in its place. A function returns 0 only once the change is as durable as pullplug.json promises.

open_subject() { folder=$1 file=$1/file; } # The directory exists.

change() { # replace with .content
  printf '%s\n' "$request" | jq -j .content >"$file.tmp" && settle
}

read_subject() { # The content, or null where there is none yet.
  # By its name: a test of the file also says no where the disk fails.
  names=$(ls -A "$folder") || return 1
  if printf '%s\n' "$names" | grep -qx file; then
    jq -c -Rs --argjson id "$id" '{id: $id, ok: true, content: .}' "$file"
  else
    jq -c -n --argjson id "$id" '{id: $id, ok: true, content: null}'
  fi
}

close_subject() { :; }
