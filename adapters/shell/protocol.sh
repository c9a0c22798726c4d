
# Puts $file.tmp in the place of $file. Synced, renamed, and the name synced: without any of the three, a power cut
# can undo it.
settle() { sync "$file.tmp" && mv "$file.tmp" "$file" && sync "$(dirname "$file")"; }

# The protocol: there is nothing to change below.

exec 3>&1 1>&2 # What the program prints must not stand among the answers.
while IFS= read -r request; do
  set -- $(field '"\(.id) \(.do)"')
  id=$1 what=$2
  case $what in
  open) open_subject "$(field .directory)" ;;
  read) read_subject >&3 && continue ;;
  close) close_subject ;;
  *) change ;;
  esac
  if [ $? = 0 ]; then
    echo "{\"id\":$id,\"ok\":true}" >&3
  else
    echo "{\"id\":$id,\"ok\":false,\"message\":\"$what failed\"}" >&3
  fi
done
