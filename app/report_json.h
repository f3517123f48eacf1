#pragma once
#include <ostream>
#include <string>

#include "app/conversation_log.h"
#include "app/report.h"

namespace tapestry::app {

/// A conversation of the `--json` report: the render of its log.
std::string conversation_json(const ConversationReport& conversation);

/// The `--json` report: one JSON document with a line end. Members and their meaning are a contract, see
/// docs/report.md. `conversations` holds conversation_json()'s texts.
void write_json(const Report& report, const ConversationLog& conversations, std::ostream& out);

}  // namespace tapestry::app
