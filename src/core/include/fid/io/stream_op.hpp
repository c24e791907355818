// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/io/concepts.hpp>
#include <fid/reactor/operation.hpp>

#include <cstddef>
#include <string_view>

/// What operations on streams have in common. All hold references only: their size does not depend
/// on the data (G24).
namespace fid::detail {

/// An operation Op that reads from an S.
template <class Op, AsyncRead S>
class ReadingOp : public Awaits<Op> {
 protected:
  explicit ReadingOp(S& from) noexcept
      : Awaits<Op>(from.read_readiness(), Interest::readable), from_(&from) {}
  ~ReadingOp() = default;

  S& stream() const noexcept { return *from_; }

  /// What an attempt comes to whose read gave an error. A stream may have gone on to a second part:
  /// then it is that part which is waited for.
  Attempt not_moved(const Error& error) noexcept {
    this->waits_on(from_->read_readiness());
    return this->waits_or_fails(error);
  }

 private:
  S* from_;
};

/// An operation Op that writes to an S.
template <class Op, AsyncWrite S>
class WritingOp : public Awaits<Op> {
 protected:
  explicit WritingOp(S& to) noexcept
      : Awaits<Op>(to.write_readiness(), Interest::writable), to_(&to) {}
  ~WritingOp() = default;

  S& stream() const noexcept { return *to_; }

  Attempt not_moved(const Error& error) noexcept { return this->waits_or_fails(error); }

 private:
  S* to_;
};

/// An operation that moves the whole of a span of bytes, in as many calls as it takes; Base is one
/// of the above.
template <class Base, class Span>
class WholeSpanOp : public Base {
 public:
  void await_resume() const noexcept {}

 protected:
  template <class S>
  WholeSpanOp(S& stream, Span bytes) noexcept : Base(stream), left_(bytes) {}
  ~WholeSpanOp() = default;

  /// `move` is given what is left, and gives how much of it was moved, or an error; that nothing
  /// was moved is the failure `at_zero`.
  template <class Move>
  Attempt move_all(Move move, Errc at_zero, std::string_view call) {
    while (!left_.empty()) {
      if (!this->may_go_on()) return Attempt::gives_way;
      const Result<std::size_t> n = move(left_);
      if (!n) return this->not_moved(n.error());
      if (*n == 0) return this->fails(Error{make_error_code(at_zero), call});
      left_ = left_.subspan(*n);
    }
    return Attempt::done;
  }

 private:
  bool always_worth_trying() const noexcept override { return left_.empty(); }

  Span left_;
};

}  // namespace fid::detail
