// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/caller.hpp>

#include <cstddef>

namespace fid {

/// Storage that reads fill one after another: filled <= initialised <= capacity.
///
/// Shape: a view, copied freely; the storage must outlive it. Going past a mark is a broken
/// promise of the caller.
class ReadBuf {
 public:
  /// Over storage whose bytes all have values.
  explicit ReadBuf(MutableBytes storage) noexcept
      : storage_(storage), initialized_(storage.size()) {}
  /// Over storage that nothing was written to yet.
  static ReadBuf uninit(MutableBytes storage) noexcept {
    ReadBuf buffer(storage);
    buffer.initialized_ = 0;
    return buffer;
  }

  std::size_t capacity() const noexcept { return storage_.size(); }
  std::size_t remaining() const noexcept { return capacity() - filled_; }

  MutableBytes filled() const noexcept { return storage_.first(filled_); }
  MutableBytes initialized() const noexcept { return storage_.first(initialized_); }
  /// Room for the next read: to be written to, not to be looked at.
  MutableBytes unfilled() const noexcept { return storage_.subspan(filled_); }
  /// The same room, with zeroes where there was nothing.
  MutableBytes initialize_unfilled() noexcept;

  /// `count` more bytes, all initialised, are filled.
  void advance(std::size_t count, Caller caller = Caller::here()) noexcept;
  /// Sets the mark, forwards or back, within what is initialised.
  void set_filled(std::size_t count, Caller caller = Caller::here()) noexcept;
  /// The first `count` bytes of the room were written to. Not checked, but for the capacity.
  void assume_init(std::size_t count, Caller caller = Caller::here()) noexcept;
  /// Appends; `bytes` must fit.
  void put_slice(Bytes bytes, Caller caller = Caller::here()) noexcept;

  /// At most `count` bytes of the room, as a buffer of their own. What is read into it counts here
  /// once it is told by assume_init() and advance().
  ReadBuf take(std::size_t count) const noexcept;
  /// Nothing is filled; what is initialised stays so.
  void clear() noexcept { filled_ = 0; }

 private:
  MutableBytes storage_;
  std::size_t filled_ = 0;
  std::size_t initialized_;
};

}  // namespace fid
