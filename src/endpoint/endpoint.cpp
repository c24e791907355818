// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"

#include <utility>

namespace fid::endpoint {

std::string EndName::url(std::string_view scheme) const {
  if (const auto* ip = std::get_if<SocketAddr>(&name_)) {
    return std::string(scheme).append("://").append(ip->to_string());
  }
  if (const auto* local = std::get_if<UnixAddr>(&name_)) {
    if (const auto name = local->as_abstract_name()) {
      return std::string("abstract:").append(*name);
    }
    return std::string(scheme).append(":").append(local->as_pathname().value_or(""));
  }
  return {};
}

Result<void> Connection::adopt() {
  if (!loose) return {};
  auto adopted = loose->adopt(std::move(loose->handle));
  loose.reset();
  if (!adopted) return fail(adopted.error());
  stream = *std::move(adopted);
  return {};
}

namespace {

template <class T>
Task<T> not_supported(const char* operation) {
  co_return fail(std::errc::operation_not_supported, operation);
}

}  // namespace

Task<ConnectionPtr> open(const Address& address, const OpenContext& context) {
  if (address.kind->open == nullptr) return not_supported<ConnectionPtr>("open");
  return address.kind->open(address, context);
}

Task<ListenerPtr> listen(const Address& address, const OpenContext& context) {
  if (address.kind->listen == nullptr) return not_supported<ListenerPtr>("listen");
  return address.kind->listen(address, context);
}

}  // namespace fid::endpoint
