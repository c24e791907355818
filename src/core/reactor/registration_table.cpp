// SPDX-License-Identifier: MIT
#include <fid/reactor/registration_table.hpp>

namespace fid {

RegistrationTable::Slot& RegistrationTable::take(Readiness::Kind kind, Ready presumed) {
  if (free_ == nullptr) {
    if (used_ == chunks_.size() * chunk_size) {
      chunks_.push_back(std::make_unique<Slot[]>(chunk_size));
    }
    Slot& fresh = chunks_[used_ / chunk_size][used_ % chunk_size];
    fresh.index = used_++;
    fresh.next_free = nullptr;
    free_ = &fresh;
  }
  Slot& slot = *free_;
  free_ = slot.next_free;
  slot.table = this;
  slot.readiness.reset(kind, presumed);
  if (stopped_) slot.readiness.stop();
  ++slot.generation;
  ++taken_;
  return slot;
}

void RegistrationTable::give_back(Slot& slot) noexcept {
  ++slot.generation;
  slot.next_free = free_;
  free_ = &slot;
  --taken_;
  if (selector_ == nullptr && taken_ == 0) delete this;
}

RegistrationTable::Slot* RegistrationTable::find(std::uint32_t index,
                                                 std::uint32_t generation) noexcept {
  if (index >= used_) return nullptr;
  Slot& slot = chunks_[index / chunk_size][index % chunk_size];
  return slot.taken() && slot.generation == generation ? &slot : nullptr;
}

void RegistrationTable::wake_all_as_stopped() {
  stopped_ = true;
  for (std::uint32_t index = 0; index < used_; ++index) {
    Slot& slot = chunks_[index / chunk_size][index % chunk_size];
    if (slot.taken()) slot.readiness.stop();
  }
}

void RegistrationTable::stop(std::unique_ptr<RegistrationTable> table) {
  table->selector_ = nullptr;
  // Registrations that are left keep their storage; the last of them deletes the table.
  if (table->taken_ != 0) static_cast<void>(table.release());
}

}  // namespace fid
