#include "sipparse/conference_info.h"

#include "sipparse/xml.h"

namespace tapestry::sip {
namespace {

ConferenceEndpoint read_user(const XmlElement& element) {
  ConferenceEndpoint user;
  user.user = element.attribute("entity");
  user.user_state = element.attribute("state");
  user.display = element.child_text("display-text");
  user.focus = element.child("cascaded-focus") != nullptr;
  if (const XmlElement* roles = element.child("roles")) {
    for (const XmlElement& entry : roles->children) {
      if (entry.name == "entry") user.roles += (user.roles.empty() ? "" : " ") + entry.text;
    }
  }
  return user;
}

std::string audio_of(const XmlElement& endpoint) {
  for (const XmlElement& media : endpoint.children) {
    if (media.name == "media" && media.child_text("type") == "audio") return std::string(media.child_text("status"));
  }
  return {};
}

ConferenceEndpoint read_endpoint(ConferenceEndpoint user, const XmlElement& element) {
  user.endpoint = element.attribute("entity");
  user.state = element.attribute("state");
  user.status = element.child_text("status");
  user.joined = element.child_text("joining-method");
  if (const XmlElement* joining = element.child("joining-info")) user.joined_at = joining->child_text("when");
  if (const XmlElement* leaving = element.child("disconnection-info")) user.left_at = leaving->child_text("when");
  user.disconnection = element.child_text("disconnection-method");
  if (const XmlElement* referred = element.child("referred")) user.referred_by = referred->child_text("by");
  user.audio = audio_of(element);
  return user;
}

void add_user(const XmlElement& element, std::vector<ConferenceEndpoint>& endpoints) {
  const ConferenceEndpoint user = read_user(element);
  bool any = false;
  for (const XmlElement& child : element.children) {
    if (endpoints.size() == kMaxConferenceEndpoints) return;
    if (child.name != "endpoint") continue;
    endpoints.push_back(read_endpoint(user, child));
    any = true;
  }
  if (!any && endpoints.size() < kMaxConferenceEndpoints) endpoints.push_back(user);
}

}  // namespace

std::optional<ConferenceInfo> parse_conference_info(std::string_view document) {
  const auto root = parse_xml(document);
  if (!root || root->name != "conference-info") return std::nullopt;
  ConferenceInfo info{.entity = std::string(root->attribute("entity")),
                      .version = std::string(root->attribute("version")),
                      .state = std::string(root->attribute("state")),
                      .user_count = {},
                      .has_users = false,
                      .users = {},
                      .endpoints = {}};
  if (const XmlElement* state = root->child("conference-state")) info.user_count = state->child_text("user-count");
  const XmlElement* users = root->child("users");
  if (users == nullptr) return info;
  info.has_users = true;
  info.users = users->attribute("state");
  for (const XmlElement& user : users->children) {
    if (user.name == "user") add_user(user, info.endpoints);
  }
  return info;
}

}  // namespace tapestry::sip
