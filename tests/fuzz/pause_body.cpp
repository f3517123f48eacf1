#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "web/pause_body.h"

/// The content of a pause or resume. What is read is within its bounds, and reads the same when it is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tapestry;
  const std::string_view text = as_text(Bytes(data, size));
  for (const bool is_resume : {false, true}) {
    const auto body = web::parse_pause_body(text, is_resume);
    if (!body) {
      assert(!body.error().empty());
      continue;
    }
    assert((body->target == web::PauseBody::Target::Conversation) == (body->number != 0));
    assert(body->name.empty() == (body->number != 0) && body->name.size() <= web::kMostPauseName);
    assert(body->request_id.size() <= web::kMostRequestId && body->reason.size() <= web::kMostReason);
    assert(!body->seconds || (*body->seconds >= 1 && *body->seconds <= web::kMostPauseSeconds));
    const auto again = web::parse_pause_body(web::to_json(*body, is_resume), is_resume);
    assert(again && *again == *body);
  }
  return 0;
}
