// SPDX-License-Identifier: MIT
#include "service/join.hpp"

#include "service/joint.hpp"

#include <utility>

namespace fid::service {

Task<JoinEndPtr> join(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
                      std::optional<TimePoint> deadline) {
  return run(std::make_unique<Joint>(id, std::move(a), std::move(b), around, deadline));
}

std::optional<TimePoint> deadline_of(const TransferSettings& settings) {
  if (!settings.timeout) return std::nullopt;
  return Clock::now() + *settings.timeout;
}

Complaint command_failed(std::string where, const ExitCode& code) {
  Complaint complaint;
  complaint.status = command_status(code.shell_status());
  complaint.where = std::move(where);
  complaint.text = "the command ended with " + code.to_string();
  return complaint;
}

Complaint timed_out(std::string where) {
  Complaint complaint;
  complaint.status = ExitStatus::deadline;
  complaint.where = std::move(where);
  complaint.text = "not done within --timeout";
  return complaint;
}

std::optional<Complaint> complaint_of(const JoinEnd& end, const std::string& a,
                                      const std::string& b, const TransferSettings& settings) {
  const ConnectionEnd& how = end.relay.end;
  Complaint complaint;
  complaint.where = how.by == Side::a ? a : b;
  complaint.status = ExitStatus::failed;
  if (end.relay.error) {
    complaint.error = *end.relay.error;
    complaint.status = status_of(Stage::transfer, complaint.error);
    return complaint;
  }
  switch (how.reason) {
    case CloseReason::timeout_total:
      return timed_out(std::move(complaint.where));
    case CloseReason::timeout_idle:
      if (!settings.idle_is_error && how.unsent == 0) return std::nullopt;
      if (settings.idle_is_error) complaint.status = ExitStatus::deadline;
      complaint.text = "idle for too long";
      return complaint;
    case CloseReason::timeout_half:
      if (how.complete) return std::nullopt;
      complaint.text = "still open when the time after the end of input was over";
      return complaint;
    case CloseReason::limit:
      complaint.text = "the limit of --max-bytes was reached";
      return complaint;
    default:
      if (how.complete && end.command_cut == CloseReason::timeout_total) {
        return timed_out(std::move(complaint.where));
      }
      if (how.complete) return std::nullopt;
      complaint.text = std::to_string(how.unsent) + " bytes could not be delivered";
      return complaint;
  }
}

}  // namespace fid::service
