#pragma once
#include <ostream>
#include <string>

#include "app/conversation_log.h"
#include "app/report.h"

namespace tapestry::app {

/// A line of the table, not yet aligned: the render of its log.
std::string conversation_cells(const ConversationReport& conversation);

/// The report for people: a table of conversations and a summary. Safe for a terminal. `conversations` holds
/// conversation_cells()'s texts.
void write_table(const Report& report, const ConversationLog& conversations, std::ostream& out);

}  // namespace tapestry::app
