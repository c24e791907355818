# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by scripts/package: the program as shipped, in one file, and without commands.

# absent PATTERN...: fails if what is read has it. With ! in front, errexit would not see that.
absent() {
  ! grep "$@"
}

# c_library_only: what `release` gives runs, and loads nothing else.
c_library_only() {
  build release fid
  local program=$root/build/release/src/cli/fid
  "$program" --version
  readelf -d "$program" | grep NEEDED |
    absent -vE '\[(libc|ld-linux-[a-z0-9-]*)\.so\.[0-9]+\]'
}

# one_file: what `static` gives depends on nothing.
one_file() {
  build static fid
  local program=$root/build/static/src/cli/fid
  readelf -d "$program" | absent NEEDED
  readelf -l "$program" | absent INTERP
  mkdir -p "$work"
  strip -o "$work/fid-static" "$program"
  stat -c '%s bytes' "$work/fid-static"
}

# alone DIRECTORY: the same in a system that has nothing else: addresses as numbers work without any
# file, names with the files that say them, and those that nobody knows fail clearly.
alone() {
  rm -rf "$1"
  mkdir "$1"
  cp "$work/fid-static" "$1/fid"
  local in=(chroot "$1" /fid) answer status=0
  "${in[@]}" --version
  "${in[@]}" relay unix:/front tcp://127.0.0.1:7 --accept-timeout 100ms || status=$?
  [ $status = 124 ]

  "${in[@]}" listen tcp://127.0.0.1:0 -k --port-file /port -- /fid addresses tcp &
  local server=$!
  # shellcheck disable=SC2064 # the process of now
  trap "kill $server" EXIT
  until [ -e "$1/port" ]; do sleep 0.1; done
  answer=$("${in[@]}" connect "$(cat "$1/port")" </dev/null)
  grep -q '^tcp:' <<<"$answer"

  status=0
  "${in[@]}" connect tcp://nobody.invalid:80 --connect-timeout 20s </dev/null 2>"$1/errors" || status=$?
  [ $status = 4 ]
  grep '^fid: tcp://nobody.invalid:80: ' "$1/errors"
  mkdir "$1/etc"
  echo '127.0.0.1 here' >"$1/etc/hosts"
  answer=$("${in[@]}" connect "$(sed 's/127.0.0.1/here/' "$1/port")" </dev/null)
  grep -q '^tcp:' <<<"$answer"
  trap - EXIT
  kill $server
  wait $server
  rm -rf "$1"
}

# no_commands: what `noexec` gives cannot start a program, and says so.
no_commands() {
  build noexec fid
  local program=$root/build/noexec/src/cli/fid said
  nm -D --undefined-only "$program" | absent -wE '(posix_spawnp?|v?fork|execv?[elp]*|system|popen|clone3?)(@.*)?'
  "$program" --version | grep 'commands: left out'
  said=$("$program" connect exec:true 2>&1 || true)
  grep 'exec is left out of this build' <<<"$said"
  said=$("$program" listen tcp://127.0.0.1:0 -- true 2>&1 || true)
  grep 'commands are left out of this build' <<<"$said"
}
