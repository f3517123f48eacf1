#include "pause/control_session.h"

#include <algorithm>
#include <utility>

namespace tapestry::pause {

bool ControlSession::sent(ControlRequest request, Time at) {
  if (request.id.empty() ? at < unsure_until_ : forget_id(request.id)) return false;
  if (waiting_.size() == kMaxWaiting && !make_room()) {
    lose(at);
    return false;
  }
  request.sent = at;
  waiting_.push_back({std::move(request)});
  return true;
}

/// Whose reply that of a later request of the same ActionID would be, nobody knows.
bool ControlSession::forget_id(const std::string& id) {
  const auto forgotten = std::erase_if(waiting_, [&id](const Waiting& one) { return one.request.id == id; });
  forgotten_ += forgotten;
  return forgotten != 0;
}

bool ControlSession::make_room() {
  const auto oldest = std::ranges::find_if(waiting_, [](const Waiting& one) { return !one.in_order(); });
  if (oldest == waiting_.end()) return false;
  waiting_.erase(oldest);
  ++forgotten_;
  return true;
}

std::deque<ControlSession::Waiting>::iterator ControlSession::find(const ControlReply& reply) {
  return std::ranges::find_if(waiting_, [&reply](const Waiting& one) {
    if (one.request.dialect != reply.dialect) return false;
    if (reply.job_done || !one.job.empty()) return reply.job_done && one.job == reply.job && !one.job.empty();
    return one.request.id == reply.id;
  });
}

std::optional<ControlRequest> ControlSession::answered(const ControlReply& reply, Time at) {
  const auto found = find(reply);
  if (found == waiting_.end()) {
    const bool in_order = reply.id.empty() && !reply.job_done;
    if (in_order && at >= unsure_until_) lose(at);
    return std::nullopt;
  }
  if (found->request.job && reply.accepted && !reply.job_done) {
    found->job = reply.job;
    const bool forget = found->job.empty() || found->request.action != Action::Resume;
    if (forget) waiting_.erase(found);
    return std::nullopt;
  }
  ControlRequest request = std::move(found->request);
  waiting_.erase(found);
  return request;
}

void ControlSession::lose(Time at) {
  forgotten_ += std::erase_if(waiting_, [](const Waiting& one) { return one.in_order(); });
  unsure_until_ = at + kUnsure;
}

}  // namespace tapestry::pause
