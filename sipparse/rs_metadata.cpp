#include "sipparse/rs_metadata.h"

#include <algorithm>
#include <unordered_map>

#include "sipparse/session_id.h"
#include "sipparse/user_to_user.h"
#include "sipparse/xml.h"

namespace tapestry::sip {
namespace {

class Reader {
 public:
  std::optional<RsMetadata> read(const XmlElement& root) {
    if (root.name != "recording") return std::nullopt;
    for (const XmlElement& element : root.children) read_top(element);
    read_keys(root);
    for (const auto& [participant, stream] : sends_) {
      const auto label = labels_.find(stream);
      const auto who = std::ranges::find(metadata_.participants, participant, &RsParticipant::id);
      if (label != labels_.end() && who != metadata_.participants.end()) who->labels.push_back(label->second);
    }
    return std::move(metadata_);
  }

 private:
  void read_top(const XmlElement& element) {
    if (element.name == "session") {
      for (const XmlElement& child : element.children) {
        if (child.name == "sipSessionID") add_session(child.text.substr(0, child.text.find(';')));
      }
    } else if (element.name == "participant") {
      read_participant(element);
    } else if (element.name == "stream" && labels_.size() < kMaxRsEntries) {
      labels_.emplace(element.attribute("stream_id"), element.child_text("label"));
    } else if (element.name == "participantstreamassoc") {
      for (const XmlElement& child : element.children) {
        if (child.name == "send" && sends_.size() < kMaxRsEntries)
          sends_.emplace_back(element.attribute("participant_id"), child.text);
      }
    }
  }

  void add_session(std::string id) {
    if (!id.empty() && id != kNilUuid && metadata_.session_ids.size() < kMaxRsEntries)
      metadata_.session_ids.push_back(std::move(id));
  }

  void read_participant(const XmlElement& element) {
    if (metadata_.participants.size() >= kMaxRsEntries) return;
    RsParticipant participant{
        .id = std::string(element.attribute("participant_id")), .aor = {}, .name = {}, .labels = {}};
    if (const XmlElement* name = element.child("nameID")) {
      participant.aor = name->attribute("aor");
      participant.name = name->child_text("name");
    }
    metadata_.participants.push_back(std::move(participant));
  }

  void read_keys(const XmlElement& element) {
    if (element.name == "AvayaUCID") {
      // The parameter alone, without the protocol discriminator that User-to-User has before it.
      for (const UserToUser& one : parse_user_to_user("00" + element.text + ";encoding=hex")) {
        if (auto ucid = ucid_of(one)) add_key("ucid", std::move(*ucid));
      }
    }
    if (element.name == "GenesysUUID") add_key("genesys-calluuid", element.text);
    for (const XmlElement& child : element.children) read_keys(child);
  }

  void add_key(std::string_view kind, std::string value) {
    if (value.empty() || value.size() > kMaxKeyLength || metadata_.keys.size() >= kMaxCorrelationKeys) return;
    CorrelationKey key{kind, std::move(value)};
    if (std::ranges::find(metadata_.keys, key) == metadata_.keys.end()) metadata_.keys.push_back(std::move(key));
  }

  RsMetadata metadata_;
  std::unordered_map<std::string, std::string> labels_;     ///< by stream
  std::vector<std::pair<std::string, std::string>> sends_;  ///< participant, stream
};

}  // namespace

std::optional<RsMetadata> parse_rs_metadata(std::string_view document) {
  const auto root = parse_xml(document);
  return root ? Reader().read(*root) : std::nullopt;
}

}  // namespace tapestry::sip
