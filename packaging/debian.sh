# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by scripts/package: building the Debian packages, and looking at them.

# deb_source COMMIT DIRECTORY: the Debian source there, in the folder of the archive's name. The
# version, the date and the name of the maintainer are written elsewhere, so its changelog is made.
deb_source() {
  local version folder
  version=$(version)
  folder=$2/fid-$version
  mkdir -p "$2"
  source_archive "$1" "$2" || return
  mv "$2/fid-$version.tar.gz" "$2/fid_$version.orig.tar.gz"
  rm -rf "$folder"
  tar -x -C "$2" -f "$2/fid_$version.orig.tar.gz" || return
  cp -r "$folder/packaging/debian" "$folder/debian"
  cat >"$folder/debian/changelog" <<EOF
fid ($version-1) unstable; urgency=medium

  * Built from the source as of ${1:0:12}.

 -- $(sed -n 's/^Maintainer: //p' "$folder/debian/control")  $(git -C "$root" log -1 --format=%cD "$1")
EOF
}

# deb_build DIRECTORY [OPTION...]: the packages of a source there, beside it. Options are those of
# DEB_BUILD_OPTIONS.
deb_build() {
  local folder log
  folder=$1/fid-$(version)
  log=$1/build.log
  (
    cd "$folder" || exit
    rm -f ../*.deb ../*.changes ../*.buildinfo
    # debhelper gives the build a home of its own. With a base directory, the cache would change the
    # paths in what is built.
    if command -v ccache >/dev/null; then
      CCACHE_DIR=$(ccache --get-config cache_dir)
      export CCACHE_DIR CCACHE_BASEDIR='' CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    DEB_BUILD_OPTIONS="nocheck parallel=$jobs ${*:2}" dpkg-buildpackage -us -uc
  ) >"$log" 2>&1 || {
    tail -n 40 "$log"
    return 1
  }
}

# deb_lintian DIRECTORY: fails for whatever lintian finds, down to pedantic.
deb_lintian() {
  lintian --allow-root --display-info --pedantic --fail-on error,warning,info,pedantic "$1"/*.changes
}

# deb_scratch DIRECTORY SCRATCH: the packages of the directory installed below an empty root.
deb_scratch() {
  mkdir -p "$2/var/lib/dpkg/info" "$2/var/lib/dpkg/updates"
  : >>"$2/var/lib/dpkg/status"
  local package
  for package in fid libfid0 libfid-dev; do
    # What they depend on is on this machine, not below that root.
    dpkg --root="$2" --log=/dev/null --force-depends --force-script-chrootless --no-triggers \
      --install "$1/${package}_"*.deb >/dev/null || return
  done
  [ "$("$2/usr/bin/fid" --version | head -n 1 | cut -d ' ' -f 2)" = "$(version)" ]
}

# What an installed program is asked with.
installed_test() {
  local scratch=$1 test=$2
  shift 2
  FID=$scratch/usr/bin/fid PYTHONDONTWRITEBYTECODE=1 "$@" python3 "$root/tests/$test" 2>&1
}

# completions SCRATCH: those installed are those the program prints, and work in the real shells.
completions() {
  local fid=$1/usr/bin/fid share=$1/usr/share
  cmp <("$fid" completion bash) "$share/bash-completion/completions/fid" &&
    cmp <("$fid" completion zsh) "$share/zsh/site-functions/_fid" &&
    cmp <("$fid" completion fish) "$share/fish/vendor_completions.d/fid.fish" &&
    installed_test "$1" cli/completion_test.py env
}

# manual SCRATCH: its pages, with the tests of the manual.
manual() {
  mkdir -p "$1/pages"
  local page
  for page in "$1"/usr/share/man/man*/*.gz; do
    gzip -cd "$page" >"$1/pages/$(basename "$page" .gz)" || return
  done
  installed_test "$1" man_test.py env FID_MAN="$1/pages"
}

# units SCRATCH: the units that are installed.
units() {
  installed_test "$1" units_test.py env FID_UNITS="$1/lib/systemd/system"
}

# deb_same ONE OTHER: two builds of one source gave the same packages.
deb_same() {
  local package
  for package in "$1"/*.deb; do
    cmp "$package" "$2/${package##*/}" || return
  done
}
