#include "vconout/recording_set.h"

#include "vconout/call_fields.h"

namespace tapestry::vconout {
namespace {

Json member_object(const Member& member, const Json& set, std::size_t set_index) {
  const Extent extent = extent_of(member);
  Json object = Json::object();
  object["type"] = "recording";
  object["start"] = to_rfc3339(extent.start);
  object["duration"] = json_seconds(extent.end - extent.start);
  for (const char* key : {"parties", "originator"}) {
    if (set.contains(key)) object[key] = set[key];
  }
  object["recording_set"] = set_index;
  if (member.media != nullptr) add_media(object, *member.rendered, *member.media);
  return object;
}

}  // namespace

MemberNumbers::MemberNumbers(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs)
    : dialogs_(dialogs) {
  std::size_t next = dialogs.size() + interaction.texts.list.size();
  for (const FinishedDialog& finished : dialogs) {
    first_.push_back(next);
    next += finished.segments.size();
  }
}

std::size_t MemberNumbers::of_media(std::size_t dialog, std::size_t file) const {
  const std::vector<mux::Segment>& segments = dialogs_[dialog].segments;
  for (std::size_t n = 0; n < segments.size(); ++n) {
    if (!segments[n].shell && file-- == 0) return of_member(dialog, n);
  }
  return dialog;
}

std::vector<Member> members_of(const FinishedDialog& finished) {
  std::vector<Member> members;
  std::size_t file = 0;
  for (const mux::Segment& segment : finished.segments) {
    if (segment.shell) {
      members.push_back({segment});
    } else {
      members.push_back({segment, &finished.rendered[file], &finished.media[file]});
      ++file;
    }
  }
  return members;
}

Extent extent_of(const Member& member) {
  const calls::RecordingPlan& plan = member.segment.plan;
  if (member.rendered == nullptr) return {.start = plan.start, .end = plan.end};
  return {.start = plan.start, .end = plan.start + length_of(*member.rendered)};
}

void add_members(Json& list, const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                 const MemberNumbers& numbers, const std::string& interaction_id) {
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    const std::vector<Member> members = members_of(dialogs[i]);
    for (std::size_t n = 0; n < members.size(); ++n) {
      list[i]["recordings"].push_back(numbers.of_member(i, n));
      list.push_back(member_object(members[n], list[i], i));
      add_text(list.back(), "interaction_id", interaction_id);
      add_call_fields(list.back(), interaction, extent_of(members[n]).end);
    }
  }
}

}  // namespace tapestry::vconout
