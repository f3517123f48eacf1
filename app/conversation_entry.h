#pragma once
#include "app/report.h"
#include "service/journal.h"

namespace tapestry::app {

/// A line for the journal about a conversation that was finished, or could not be; nothing of what was said or keyed.
[[nodiscard]] service::Entry entry_of(const ConversationReport& report);

}  // namespace tapestry::app
