# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by scripts/package: a fresh Debian 12 in a folder, and what is tried in it. Mounts are made
# in a namespace of the command that needs them, so none is left whatever happens to it.

suite=bookworm

# base_system TAR: the packages a Debian 12 cannot do without, from where this machine has its own.
base_system() {
  local sources proxy
  mapfile -t sources < <(apt-get indextargets --format '$(SOURCESENTRY)' \
    'Created-By: Packages' 'Origin: Debian' "Codename: $suite" | sed 's/:[0-9]*$//' | sort -u)
  [ ${#sources[@]} -gt 0 ] || {
    echo "apt of this machine has no source of Debian's $suite"
    return 1
  }
  proxy=$(mktemp)
  apt-config dump | grep -i '^Acquire::.*proxy' >"$proxy" || true
  mmdebstrap --quiet --variant=minbase --aptopt="$proxy" "$suite" "$1" "${sources[@]}"
  local status=$?
  rm -f "$proxy"
  return $status
}

# fresh_root TAR DIRECTORY
fresh_root() {
  rm -rf "$2"
  mkdir -p "$2"
  tar -x -C "$2" -f "$1" --exclude='./dev/*' || return
  cp /etc/resolv.conf "$2/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
  chmod 755 "$2/usr/sbin/policy-rc.d"
}

# in_root DIRECTORY COMMAND...: with /proc and /dev of its own. All it started ends with it.
in_root() {
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount --pid --fork --kill-child --propagation private sh -ec '
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"' sh "$@"
}

# alone_in_root DIRECTORY COMMAND...: the same with a network of its own, and nothing in /dev that
# others use.
alone_in_root() {
  # shellcheck disable=SC2016 # the inner shell's
  unshare --net --mount --pid --fork --kill-child --propagation private sh -ec '
    root=$1
    shift
    ip link set lo up
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    for device in full null random tty urandom zero; do
      : >"$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    ln -s /proc/self/fd "$root/dev/fd"
    exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      chroot "$root" "$@"' sh "$@"
}

# The files of a system that are no traces of the packages' own management.
root_files() {
  (cd "$1" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/cache -o \
    -path ./var/log -o -path ./var/lib/apt -o -path ./var/lib/dpkg \) -prune -o -print | sort)
}

# An earlier version of the same packages.
deb_earlier() {
  local deb tree
  mkdir -p "$2"
  for deb in "$1"/fid_*.deb "$1"/libfid0_*.deb "$1"/libfid-dev_*.deb; do
    tree=$(mktemp -d)
    dpkg-deb -R "$deb" "$tree"
    sed -i "s/$(version)-1/$(version)-1~earlier/" "$tree/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$tree" "$2" >/dev/null
    rm -rf "$tree"
  done
}

# lifecycle TAR DEBS DIRECTORY: installs an earlier version, upgrades, runs, purges; then all is as
# it was.
lifecycle() {
  local root_dir=$3
  fresh_root "$1" "$root_dir"
  mkdir "$root_dir/tmp/new"
  cp "$2"/fid_*.deb "$2"/libfid0_*.deb "$2"/libfid-dev_*.deb "$root_dir/tmp/new"
  deb_earlier "$2" "$root_dir/tmp/earlier"
  in_root "$root_dir" apt-get -qq update
  root_files "$root_dir" >"$root_dir/tmp/before"
  in_root "$root_dir" sh -ec '
    exec 2>&1
    absent() { ! grep "$@"; }
    apt-get -qq -y install --no-install-recommends /tmp/earlier/*.deb >/tmp/log
    mkdir /etc/fid
    echo "TARGET=tcp://127.0.0.1:1" >/etc/fid/own.conf
    dpkg-query -W fid | grep -q earlier
    apt-get -qq -y install --no-install-recommends /tmp/new/*.deb >>/tmp/log
    dpkg-query -W fid libfid0 libfid-dev | absent earlier
    fid --version
    test "$(fid listen unix:/tmp/s -- tr a-z A-Z & echo hello | fid connect unix:/tmp/s,retry=50)" = HELLO
    test -e /etc/fid/own.conf
    rm -r /etc/fid
    apt-get -qq -y purge --autoremove fid libfid0 libfid-dev >>/tmp/log
    dpkg-query -f "\${db:Status-Status}\n" -W fid libfid0 libfid-dev 2>/dev/null | absent -v not-installed
    absent -i "^\(warning\|dpkg: warning\)" /tmp/log'
  root_files "$root_dir" >"$root_dir/tmp/after"
  diff "$root_dir/tmp/before" "$root_dir/tmp/after"
}

# manual_examples TAR DEBS DIRECTORY: installs them, and runs each example of the manual.
manual_examples() {
  fresh_root "$1" "$3"
  mkdir "$3/tmp/debs"
  cp "$2"/fid_*.deb "$2"/libfid0_*.deb "$2"/libfid-dev_*.deb "$root/packaging/manual_examples.py" \
    "$3/tmp/debs"
  in_root "$3" sh -ec '
    apt-get -qq update
    apt-get -qq -y install --no-install-recommends /tmp/debs/*.deb fish man-db python3 >/dev/null'
  printf '127.0.0.1 localhost db db.example.org example.org\n::1 localhost\n' >"$3/etc/hosts"
  alone_in_root "$3" python3 /tmp/debs/manual_examples.py
}

# autopkgtests_chroot TAR SOURCE DEBS DIRECTORY: from outside, with the chroot runner.
autopkgtests_chroot() {
  fresh_root "$1" "$4"
  unshare --mount --pid --fork --kill-child --propagation private sh -ec '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    shift
    exec autopkgtest --apt-upgrade "$@"' sh "$4" \
    "$3"/fid_*.deb "$3"/libfid0_*.deb "$3"/libfid-dev_*.deb "$2/" -- chroot "$4"
}

# autopkgtests_null TAR SOURCE DEBS DIRECTORY: inside, with the runner that tests where it runs.
autopkgtests_null() {
  fresh_root "$1" "$4"
  mkdir "$4/tmp/debs"
  cp "$3"/fid_*.deb "$3"/libfid0_*.deb "$3"/libfid-dev_*.deb "$4/tmp/debs"
  cp -r "$2" "$4/tmp/source"
  in_root "$4" sh -ec '
    apt-get -qq update
    apt-get -qq -y install --no-install-recommends autopkgtest >/dev/null
    exec autopkgtest /tmp/debs/*.deb /tmp/source/ -- null'
}

# piuparts_clean TAR DEBS REPOSITORY: Debian's own look at installing and purging. Each package is
# tried by itself, so the others come from a repository.
piuparts_clean() {
  rm -rf "$3"
  mkdir -p "$3"
  cp "$2"/fid_*.deb "$2"/libfid0_*.deb "$2"/libfid-dev_*.deb "$3"
  (cd "$3" && dpkg-scanpackages . >Packages)
  gzip -1 -c "$1" >"$1.gz"
  piuparts --basetgz="$1.gz" --distribution="$suite" --keep-sources-list --no-eatmydata \
    --bindmount="$3" --extra-repo="deb [trusted=yes] file:$3 ./" --no-upgrade-test \
    --skip-logrotatefiles-test "$3"/*.deb
}
