#pragma once
#include <optional>
#include <vector>

#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// A gap, and the file that it is in.
struct PlacedGap {
  calls::Gap gap;
  std::optional<Time> file_start;     ///< none: it is in no file
  std::optional<std::size_t> member;  ///< of a cut recording: which segment or shell it is in
  bool beeps = false;                 ///< it begins and ends with one
};

/// The dialog's gaps, cut to what lies inside it, in order of start.
std::vector<PlacedGap> gaps_inside(const calls::DialogPlan& plan, const FinishedDialog& finished);

/// A gap as an entry of `recording-gaps`, with what began and ended it when it is a pause; `recording` is the index of
/// the member's dialog. What may be a card's number is masked.
Json gap_entry(const PlacedGap& gap, std::optional<std::size_t> recording);

/// The body of a shell's `recording-gap`: `before` and `after` are the indexes of the segments beside it.
Json shell_body(const mux::Segment& shell, std::optional<std::size_t> before, std::optional<std::size_t> after,
                const Json& parties);

/// What asked for a pause or for its end, for people; masked.
Json mark_of(const calls::PauseMark& mark);

}  // namespace tapestry::vconout
