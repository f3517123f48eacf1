// XML in SIP from any bytes: trees, dialog-info, conference-info, reginfo and recording metadata stay inside their
// bounds.
#include <cstdlib>

#include "core/bytes.h"
#include "sipparse/conference_info.h"
#include "sipparse/dialog_info.h"
#include "sipparse/reg_info.h"
#include "sipparse/rs_metadata.h"
#include "sipparse/xml.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

std::size_t count(const sip::XmlElement& element, std::size_t depth) {
  require(depth <= sip::kMaxXmlDepth);
  std::size_t sum = 1;
  for (const sip::XmlElement& child : element.children) sum += count(child, depth + 1);
  return sum;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(Bytes(data, size));
  if (const auto root = sip::parse_xml(text)) {
    require(size <= sip::kMaxXmlBytes);
    require(count(*root, 1) <= sip::kMaxXmlElements);
  }
  if (const auto info = sip::parse_dialog_info(text)) require(info->dialogs.size() <= sip::kMaxDialogsInfo);
  if (const auto info = sip::parse_conference_info(text)) {
    require(info->endpoints.size() <= sip::kMaxConferenceEndpoints);
  }
  if (const auto info = sip::parse_reg_info(text)) require(info->records.size() <= sip::kMaxRegInfoContacts);
  if (const auto metadata = sip::parse_rs_metadata(text)) {
    require(metadata->participants.size() <= sip::kMaxRsEntries);
    require(metadata->keys.size() <= sip::kMaxCorrelationKeys);
  }
  return 0;
}
