# Comes before the commands of a page (support/script.ts): tells, between their output, where they are and which one failed.
unset BASH_ENV
exec 2>&1 </dev/null

__at() { printf '\036%s\n' "$1"; }
__failed() { printf '\036failed %s %s\n' "$1" "$2"; }
__succeeded() {
  __failed 0 "$1"
  exit 1
}
trap '__failed "$?" "$LINENO"' ERR
