# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by scripts/package: building the RPM packages from the source archive, and looking at them.

# rpm_build COMMIT DIRECTORY: the packages below its RPMS and SRPMS. What to build with is Debian's
# here, of which rpm knows nothing. What Debian's rpm does to installed files is not what RPM systems
# do: it keeps the symbols, and makes libraries not executable. The version is written elsewhere, so
# what goes into the source package says it.
rpm_build() {
  rm -rf "$2"
  mkdir -p "$2/SOURCES" "$2/SPECS"
  source_archive "$1" "$2/SOURCES"
  {
    printf '%%global fid_version %s\n' "$(version)"
    git -C "$root" show "$1:packaging/rpm/fid.spec"
  } >"$2/SPECS/fid.spec"
  SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct "$1") LDFLAGS=-s \
    CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache) rpmbuild -ba --nodeps \
    --define "_topdir $2" --define "_smp_mflags -j$jobs" --define "debug_package %{nil}" \
    --define "optflags -O2" --define "__os_install_post %{nil}" "$2/SPECS/fid.spec" >"$2/build.log" 2>&1 || {
    tail -n 40 "$2/build.log"
    return 1
  }
}

# rpm_lint DIRECTORY
rpm_lint() {
  rpmlint --strict --config "$root/packaging/rpm/rpmlint.toml" "$1"/RPMS/*/*.rpm "$1"/SRPMS/*.rpm
}

# rpm_scratch DIRECTORY SCRATCH: installed below an empty root, with a data base of its own, and run.
rpm_scratch() {
  rpm --root "$2" --initdb
  rpm --root "$2" --install --nodeps --noscripts "$1"/RPMS/*/fid-[0-9]*.rpm "$1"/RPMS/*/fid-libs-*.rpm \
    "$1"/RPMS/*/fid-devel-*.rpm
  rpm --root "$2" --verify --nodeps fid fid-libs fid-devel
  local said
  said=$("$2/usr/bin/fid" listen "unix:$2/s" -- tr a-z A-Z & echo hello | "$2/usr/bin/fid" connect "unix:$2/s,retry=50")
  [ "$said" = HELLO ]
}
