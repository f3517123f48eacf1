#pragma once
#include <string>

#include "calls/interaction.h"
#include "vconout/json.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// When a dialog object begins and ends: for a recording its media's extent, which the samples tell; for one that is
/// cut, the whole.
struct Extent {
  Time start;
  Time end;
};
Extent extent_of(const calls::DialogPlan& plan, const FinishedDialog& finished);
/// Per channel its party, a list of several, or null for a channel that nobody uses (core-04 §4.3.4).
Json parties_of(const calls::DialogPlan& plan);
/// How long its samples last.
Duration length_of(const mux::Rendered& media);
/// Adds what a dialog object tells of external media.
void add_media(Json& object, const mux::Rendered& rendered, const MediaFile& file);

/// The dialog object (vcon-core-04 §4.3, CC-02): `recording` with external media, `recording-set` whose members are
/// still to be named, `transfer`, or `incomplete`. `plan` is one of the interaction's. Keys that were pressed in one of
/// its pauses are not told.
Json dialog_of(const calls::DialogPlan& plan, const FinishedDialog& finished, const calls::Interaction& interaction,
               const std::string& interaction_id);

}  // namespace tapestry::vconout
