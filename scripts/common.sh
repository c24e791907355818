# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by the scripts beside it: where the tree is, and how a preset is built.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
jobs=$(nproc)

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Two clones of the project share what is in the cache: paths below the tree count as relative.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=true

# configure PRESET: writes build/PRESET. Quiet unless it fails. ccache and mold are used where they
# are installed; both are tools of whoever builds, so no preset asks for them.
configure() {
  local launcher='' linker=''
  if command -v ccache >/dev/null; then launcher=ccache; fi
  if command -v mold >/dev/null; then linker=-fuse-ld=mold; fi
  local log
  log=$(cd "$root" && cmake --preset "$1" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" \
    -DCMAKE_EXE_LINKER_FLAGS="$linker" 2>&1 </dev/null) || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

# build PRESET [TARGET]: all on stderr; only failures, where nobody watches a terminal.
build() {
  local quiet=()
  [ -t 2 ] || quiet=(--quiet)
  configure "$1" && ninja -C "$root/build/$1" -j "$jobs" "${quiet[@]}" ${2:+"$2"} >&2 </dev/null
}

# The version, which is written in one place.
version() {
  sed -n 's/^project(fid VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt"
}

# source_archive COMMIT DIRECTORY: writes fid-VERSION.tar.gz there, the same bytes each time.
source_archive() {
  local name
  name=fid-$(version)
  git -C "$root" -c tar.umask=0022 archive --format=tar --prefix="$name/" "$1" |
    gzip -9n >"$2/$name.tar.gz.part" && mv "$2/$name.tar.gz.part" "$2/$name.tar.gz"
}

# working_commit: the last commit, or one of the tree as it stands that no branch has.
working_commit() {
  local changes index tree
  changes=$(git -C "$root" status --porcelain)
  if [ -z "$changes" ]; then
    git -C "$root" rev-parse HEAD
    return
  fi
  index=$(mktemp -u)
  GIT_INDEX_FILE=$index git -C "$root" add --all
  tree=$(GIT_INDEX_FILE=$index git -C "$root" write-tree)
  rm -f "$index"
  local date
  date=$(git -C "$root" log -1 --format=%cI)
  GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -C "$root" -c user.name=nobody \
    -c user.email=nobody@localhost commit-tree "$tree" -p HEAD -m "The tree as it stands"
}
