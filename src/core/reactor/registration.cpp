// SPDX-License-Identifier: MIT
#include <fid/reactor/registration.hpp>

namespace fid {

Result<Registration> Registration::create(Handle handle, Interest interest, Kind kind,
                                          Ready presumed, Caller caller) {
  auto watch = Watch::create(handle.get(), interest, kind, presumed, caller);
  if (!watch) return fail(watch.error());
  static_cast<void>(handle.release());
  return Registration(*std::move(watch));
}

void Registration::close_handle() noexcept {
  const Handle handle(watch_.native());
  static_cast<void>(watch_.stop());
}

void Registration::close() {
  const Handle handle(watch_.native());
  watch_.handle_closes();
}

Result<Handle> Registration::release() && {
  Handle handle(watch_.native());
  if (auto stopped = watch_.stop(); !stopped) return fail(stopped.error());
  return handle;
}

}  // namespace fid
