#pragma once
#include "calls/interaction.h"
#include "vconout/json.h"

namespace tapestry::vconout {

/// Body of the attachment whose purpose is the notes' kind: `entries`, a list of objects with time, call_id, source,
/// destination, message and the note's fields; `left_out`, how many a bound kept out, when any. Null when there are
/// none of that kind.
Json notes_of(const calls::Notes& notes, calls::NoteKind kind);

}  // namespace tapestry::vconout
