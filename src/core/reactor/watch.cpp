// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/selector.hpp>
#include <fid/reactor/watch.hpp>

namespace fid {

Result<Watch> Watch::create(Native handle, Interest interest, Readiness::Kind kind, Ready presumed,
                            Caller caller) {
  RegistrationTable& table = Reactor::current(caller).registrations();
  if (table.stopped()) return fail(Errc::reactor_stopped, "register");
  RegistrationTable::Slot& slot = table.take(kind, presumed);
  const Token token{slot.index, slot.generation};
  if (auto added = table.selector()->add(handle, token, interest); !added) {
    table.give_back(slot);
    return fail(added.error());
  }
  return Watch(handle, &slot);
}

Result<void> Watch::stop() noexcept {
  const Native handle = std::exchange(handle_, invalid_native);
  if (slot_ == nullptr) return {};
  RegistrationTable::Slot& slot = *std::exchange(slot_, nullptr);
  Result<void> removed;
  Selector* const selector = slot.table->selector();
  if (selector != nullptr && handle != invalid_native) removed = selector->remove(handle);
  slot.table->give_back(slot);
  return removed;
}

void Watch::handle_closes() {
  const Native handle = std::exchange(handle_, invalid_native);
  if (handle == invalid_native) return;
  if (Selector* const selector = slot_->table->selector()) {
    static_cast<void>(selector->remove(handle));
  }
  slot_->readiness.set(Ready::read_closed | Ready::write_closed);
}

}  // namespace fid
