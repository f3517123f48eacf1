#include "verify/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tapestry::verify {
namespace {

using Names = std::span<const std::string_view>;
using enum Shape;

void need(Json object, std::string_view name, std::string_view because, std::string_view where, Faults& faults) {
  if (!object.has(name)) faults.add("schema", where, fmt::format("lacks {} {}", name, because));
}

void hash_with_url(Json object, std::string_view where, Faults& faults) {
  if (object.has("url")) need(object, "content_hash", "beside url", where, faults);
}

bool has_content(Json object) { return object.has("body") && object["body"].text() != std::string_view(); }

void inline_content(Json object, std::string_view where, Faults& faults) {
  hash_with_url(object, where, faults);
  if (has_content(object)) need(object, "encoding", "beside body", where, faults);
}

void typed_content(Json object, std::string_view where, Faults& faults) {
  inline_content(object, where, faults);
  if (has_content(object)) need(object, "mediatype", "beside body", where, faults);
}

constexpr std::array<std::string_view, 5> kKinds{"recording", "text", "transfer", "incomplete", "recording-set"};
constexpr std::array<std::string_view, 3> kEncodings{"base64url", "json", "none"};
constexpr std::array<std::string_view, 1> kVersions{"0.4.0"};
constexpr std::array<std::string_view, 6> kDispositions{"no-answer", "congestion", "failed",
                                                        "busy",      "hung-up",    "voicemail-no-message"};
constexpr std::array<std::string_view, 8> kEvents{"join", "drop",   "hold",    "unhold",
                                                  "mute", "unmute", "keydown", "keyup"};

constexpr std::array<std::string_view, 6> kTransfer{"transferee", "transferor",   "transfer_target",
                                                    "original",   "consultation", "target_dialog"};
constexpr std::array<std::string_view, 6> kContent{"mediatype", "filename", "body", "encoding", "url", "content_hash"};

/// vcon-core-04 §4.3 Table 1: what each kind of dialog must and must not carry.
struct KindRule {
  std::string_view kind;
  std::string_view must;
  std::array<Names, 3> must_not;
};
constexpr std::array<std::string_view, 2> kNotInSet{"message_id", "recording_set"};
constexpr std::array<std::string_view, 3> kNotInIncomplete{"message_id", "recordings", "recording_set"};
constexpr std::array<std::string_view, 7> kNotInTransfer{"parties",    "originator", "session_id",   "party_history",
                                                         "message_id", "recordings", "recording_set"};
constexpr std::array<std::string_view, 1> kNotInRecording{"recordings"};
constexpr std::array<std::string_view, 2> kNotInText{"recordings", "recording_set"};
constexpr std::array<KindRule, 5> kKindRules{{
    {"recording", {}, {kNotInRecording, kTransfer}},
    {"recording-set", "recordings", {kNotInSet, kContent, kTransfer}},
    {"text", {}, {kNotInText, kTransfer}},
    {"transfer", {}, {kNotInTransfer, kContent}},
    {"incomplete", "disposition", {kNotInIncomplete, kContent, kTransfer}},
}};

void dialog_rules(Json dialog, std::string_view where, Faults& faults) {
  typed_content(dialog, where, faults);
  const std::string_view kind = dialog["type"].text_or_empty();
  const auto rule = std::ranges::find(kKindRules, kind, &KindRule::kind);
  if (rule == kKindRules.end()) return;
  if (!rule->must.empty()) need(dialog, rule->must, fmt::format("as {}", kind), where, faults);
  for (const Names& names : rule->must_not) {
    for (const std::string_view name : names) {
      if (dialog.has(name)) faults.add("schema", where, fmt::format("a {} must not carry {}", kind, name));
    }
  }
}

void history_rules(Json event, std::string_view where, Faults& faults) {
  const std::string_view name = event["event"].text_or_empty();
  if (name == "keydown" || name == "keyup") need(event, "button", fmt::format("as {}", name), where, faults);
}

void amended_rules(Json amended, std::string_view where, Faults& faults) {
  hash_with_url(amended, where, faults);
  if (!amended.has("url")) need(amended, "uuid", "without url", where, faults);
}

void vcon_rules(Json vcon, std::string_view where, Faults& faults) {
  if (vcon.has("redacted") && vcon.has("amended")) faults.add("schema", where, "both redacted and amended");
}

constexpr MemberRule kSessionIdMembers[] = {{"local", Text}, {"remote", Text}};
constexpr ObjectRule kSessionId{kSessionIdMembers};

constexpr MemberRule kCivicMembers[] = {{"country", Text}, {"a1", Text},  {"a2", Text},  {"a3", Text},  {"a4", Text},
                                        {"a5", Text},      {"a6", Text},  {"prd", Text}, {"pod", Text}, {"sts", Text},
                                        {"hno", Text},     {"hns", Text}, {"lmk", Text}, {"loc", Text}, {"flr", Text},
                                        {"nam", Text},     {"pc", Text}};
constexpr ObjectRule kCivic{kCivicMembers};

constexpr MemberRule kPartyMembers[] = {{"tel", Text},        {"sip", Text},    {"stir", Text},
                                        {"mailto", Text},     {"name", Text},   {"did", Text},
                                        {"validation", Text}, {"gmlpos", Text}, {"civicaddress", Object, {}, &kCivic},
                                        {"uuid", Text},       {"type", Text},   {"org", Text},
                                        {"dept", Text}};
constexpr ObjectRule kParty{kPartyMembers};

constexpr MemberRule kHistoryMembers[] = {
    {"party", Unsigned}, {"time", Text}, {"event", Text, kEvents}, {"button", Text}};
constexpr std::array<std::string_view, 3> kHistoryRequired{"party", "time", "event"};
constexpr ObjectRule kHistory{kHistoryMembers, kHistoryRequired, history_rules};

constexpr MemberRule kDialogMembers[] = {{"type", Text, kKinds},
                                         {"start", Text},
                                         {"duration", Seconds},
                                         {"parties", PartyRefs},
                                         {"originator", Unsigned},
                                         {"recordings", UnsignedList},
                                         {"recording_set", Unsigned},
                                         {"mediatype", Text},
                                         {"filename", Text},
                                         {"encoding", Text, kEncodings},
                                         {"url", Text},
                                         {"content_hash", Hash},
                                         {"disposition", Text, kDispositions},
                                         {"session_id", SessionIds},
                                         {"party_history", Objects, {}, &kHistory},
                                         {"transferee", Unsigned},
                                         {"transferor", Unsigned},
                                         {"transfer_target", Unsigned},
                                         {"original", Unsigned},
                                         {"consultation", Unsigned},
                                         {"target_dialog", Unsigned},
                                         {"application", Text},
                                         {"message_id", Text}};
constexpr std::array<std::string_view, 1> kTypeRequired{"type"};
constexpr ObjectRule kDialog{kDialogMembers, kTypeRequired, dialog_rules};

constexpr MemberRule kAttachmentMembers[] = {{"purpose", Text},
                                             {"start", Text},
                                             {"party", Unsigned},
                                             {"dialog", Unsigned},
                                             {"mediatype", Text},
                                             {"filename", Text},
                                             {"encoding", Text, kEncodings},
                                             {"url", Text},
                                             {"content_hash", Hash}};
constexpr std::array<std::string_view, 3> kAttachmentRequired{"start", "party", "dialog"};
constexpr ObjectRule kAttachment{kAttachmentMembers, kAttachmentRequired, typed_content};

constexpr MemberRule kAnalysisMembers[] = {{"type", Text},      {"dialog", Indices},   {"attachment", Indices},
                                           {"mediatype", Text}, {"filename", Text},    {"vendor", Text},
                                           {"product", Text},   {"schema", Text},      {"encoding", Text, kEncodings},
                                           {"url", Text},       {"content_hash", Hash}};
constexpr std::array<std::string_view, 2> kAnalysisRequired{"type", "vendor"};
constexpr ObjectRule kAnalysis{kAnalysisMembers, kAnalysisRequired, inline_content};

constexpr MemberRule kRedactedMembers[] = {{"uuid", Text}, {"type", Text}, {"url", Text}, {"content_hash", Hash}};
constexpr ObjectRule kRedacted{kRedactedMembers, kTypeRequired, hash_with_url};
constexpr MemberRule kAmendedMembers[] = {{"uuid", Text}, {"url", Text}, {"content_hash", Hash}};
constexpr ObjectRule kAmended{kAmendedMembers, {}, amended_rules};

constexpr MemberRule kVconMembers[] = {{"vcon", Text, kVersions},
                                       {"uuid", Text},
                                       {"extensions", TextList},
                                       {"critical", TextList},
                                       {"created_at", Text},
                                       {"updated_at", Text},
                                       {"subject", Text},
                                       {"redacted", Object, {}, &kRedacted},
                                       {"amended", Object, {}, &kAmended},
                                       {"parties", Objects, {}, &kParty},
                                       {"dialog", Objects, {}, &kDialog},
                                       {"analysis", Objects, {}, &kAnalysis},
                                       {"attachments", Objects, {}, &kAttachment}};
constexpr std::array<std::string_view, 2> kVconRequired{"uuid", "created_at"};
constexpr ObjectRule kVcon{kVconMembers, kVconRequired, vcon_rules};

}  // namespace

const ObjectRule& vcon_rule() noexcept { return kVcon; }
const ObjectRule& session_id_rule() noexcept { return kSessionId; }

}  // namespace tapestry::verify
