// Messages, addresses, lists, bodies and verdicts from any bytes: every view lies inside the input, every bound holds.
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>

#include "core/card_numbers.h"
#include "sipparse/address.h"
#include "sipparse/body.h"
#include "sipparse/correlation_keys.h"
#include "sipparse/dialog_reference.h"
#include "sipparse/message.h"
#include "sipparse/sdp.h"
#include "sipparse/uui_forms.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

/// Whether a view lies inside the input; empty ones may lie anywhere.
bool inside(std::string_view view, std::string_view input) {
  if (view.empty()) return true;
  const std::less_equal<const char*> not_behind;
  return not_behind(input.data(), view.data()) && not_behind(view.data() + view.size(), input.data() + input.size());
}

void check_uri(const sip::Uri& uri, std::string_view text) {
  for (const std::string_view view : {uri.scheme, uri.user, uri.host, uri.parameters, uri.headers}) {
    require(inside(view, text));
  }
  require(sip::address_of_record(uri).size() <= text.size() + 1);
  require(sip::unescape(uri.user).size() <= uri.user.size());
}

void check_reference(const std::optional<sip::DialogReference>& dialog, std::string_view value) {
  if (!dialog) return;
  require(!dialog->call_id.empty() && !dialog->one_tag.empty() && !dialog->another_tag.empty());
  require(dialog->call_id.size() + dialog->one_tag.size() + dialog->another_tag.size() < value.size());
}

void check_references(std::string_view value) {
  check_reference(sip::parse_dialog_reference(value), value);
  if (const auto status = sip::sipfrag_status(value)) require(*status >= 100 && *status < 700);
  const auto target = sip::parse_refer_to(value);
  if (!target) return;
  require(!target->method.empty() && target->uri.size() <= value.size() + 1);
  require(target->feature.size() < value.size() && target->call_id.size() < value.size());
  check_reference(target->replaces, value);
}

void check_value(std::string_view value) {
  check_references(value);
  const auto values = sip::split_list(value);
  require(values.size() <= 64);
  for (const std::string_view one : values) {
    require(inside(one, value));
    if (const auto address = sip::parse_name_address(one)) {
      for (const std::string_view view : {address->display_name, address->uri_text, address->parameters}) {
        require(inside(view, value));
      }
      require(sip::plain_display_name(address->display_name).size() <= address->display_name.size());
      if (address->uri) check_uri(*address->uri, address->uri_text);
      if (const auto tag = sip::parameter(address->parameters, "tag")) require(inside(*tag, value));
    }
  }
  if (const auto via = sip::parse_via(value)) {
    for (const std::string_view view : {via->transport, via->sent_by, via->branch}) require(inside(view, value));
  }
}

void check_message(const sip::Message& message, std::string_view input) {
  require(message.headers.size() <= sip::kMaxHeaders);
  require(message.size <= input.size() && message.size <= sip::kMaxMessageBytes);
  for (const std::string_view view : {message.method, message.request_uri, message.reason, message.call_id}) {
    require(inside(view, input));
  }
  require(inside(as_text(message.body), input));
  const auto keys = sip::correlation_keys(message);
  require(keys.size() <= sip::kMaxCorrelationKeys);
  for (const sip::CorrelationKey& key : keys) require(!key.value.empty() && key.value.size() <= sip::kMaxKeyLength);
  const auto carried = sip::user_to_user(message);
  require(carried.size() <= sip::kMaxUserToUser);
  for (const sip::CarriedUserToUser& one : carried) {
    require(!one.value.data.empty() && one.value.data.size() <= 2 * input.size());
    require(mask_card_numbers(one.value.data).size() == one.value.data.size());
    if (const auto ucid = sip::ucid_of(one.value)) require(ucid->size() == 20);
  }
  for (const sip::Header& header : message.headers) {
    require(!header.raw_name.empty() && inside(header.raw_name, input) && inside(header.value, input));
    check_value(header.value);
    require(message.find(header.raw_name) != nullptr);
  }
  if (const auto uri = sip::parse_uri(message.request_uri)) check_uri(*uri, message.request_uri);
  const auto parts = sip::body_parts(message);
  require(parts.size() <= sip::kMaxBodyParts);
  for (const sip::BodyPart& part : parts) {
    require(inside(as_text(part.bytes), as_text(message.body)));
    for (const std::string_view view : {part.type, part.parameters, part.disposition}) require(inside(view, input));
  }
  (void)sip::parse_sdp(sip::sdp_body(message));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  (void)sip::looks_like_sip(bytes);
  check_value(as_text(bytes));
  const sip::ParseResult result = sip::parse_message(bytes);
  if (!result.message) return 0;
  check_message(*result.message, as_text(bytes));
  const sip::Verdict verdict = sip::validate(*result.message, bytes);
  require(!sip::to_string(verdict).empty());
  if (verdict == sip::Verdict::Valid) require(!result.message->call_id.empty() && result.message->has_cseq);
  return 0;
}
