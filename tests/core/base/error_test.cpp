// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>

#include <gtest/gtest.h>

#include <cerrno>

namespace fid {
namespace {

TEST(Error, NamesTheCallTheReasonAndTheCode) {
  EXPECT_EQ(describe(system_error(ECONNREFUSED, "connect")),
            "connect: Connection refused (ECONNREFUSED)");
}

TEST(Error, ComparesWithPortableNames) {
  EXPECT_EQ(system_error(ECONNREFUSED, "connect").code, std::errc::connection_refused);
  EXPECT_EQ(make_error_code(Errc::deadline_passed), std::errc::timed_out);
}

TEST(Error, WouldBlockIsOnlyTheKernelsWord) {
  EXPECT_TRUE(system_error(EAGAIN, "read").would_block());
  EXPECT_FALSE(system_error(ECONNRESET, "read").would_block());
  EXPECT_FALSE((Error{std::error_code(EAGAIN, library_category()), "read"}.would_block()));
}

TEST(Error, ResolverCodesKeepTheirNameAndMessage) {
  const Error error{std::error_code(-2, resolver_category()), "getaddrinfo"};
  EXPECT_EQ(describe(error), "getaddrinfo: Name or service not known (EAI_NONAME)");
}

}  // namespace
}  // namespace fid
