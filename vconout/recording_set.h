#pragma once
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "vconout/dialogs.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

// A recording that is cut at its pauses (vcon-core-04 §4.3.14): a recording-set in the place of the one recording, so
// that what names that place goes on meaning it, and its members, segments and shells, behind all other dialogs.
namespace tapestry::vconout {

/// Where the members of recording-sets stand in a vCon's list of dialogs.
class MemberNumbers {
 public:
  MemberNumbers(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs);

  /// The index of a set's member; `dialog` is cut, and `member` one of its segments.
  [[nodiscard]] std::size_t of_member(std::size_t dialog, std::size_t member) const { return first_[dialog] + member; }
  /// The index of the dialog object with the media `file` of `dialog`.
  [[nodiscard]] std::size_t of_media(std::size_t dialog, std::size_t file) const;

 private:
  const std::vector<FinishedDialog>& dialogs_;
  std::vector<std::size_t> first_;  ///< by dialog
};

/// One member of a cut recording: `rendered` and `media` are null for a shell.
struct Member {
  const mux::Segment& segment;
  const mux::Rendered* rendered = nullptr;
  const MediaFile* media = nullptr;
};
std::vector<Member> members_of(const FinishedDialog& finished);
/// A shell's is its plan's; a segment's is its media's.
Extent extent_of(const Member& member);

/// Lists the members in `list[dialog]`, and appends them; all dialogs before them are there.
void add_members(Json& list, const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                 const MemberNumbers& numbers, const std::string& interaction_id);

}  // namespace tapestry::vconout
