#include "pause/msml_result.h"

#include "sipparse/body.h"
#include "sipparse/xml.h"

namespace tapestry::pause {

bool is_refused_by_msml(const sip::Message& message) {
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (part.type.find("msml") == std::string_view::npos) continue;
    const auto root = sip::parse_xml(as_text(part.bytes));
    if (!root) continue;
    const sip::XmlElement* result = root->name == "result" ? &*root : root->child("result");
    if (result != nullptr && !result->attribute("response").starts_with('2')) return true;
  }
  return false;
}

}  // namespace tapestry::pause
