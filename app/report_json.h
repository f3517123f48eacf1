#pragma once
#include <string>

#include "app/report.h"

namespace tapestry::app {

/// The `--json` report: one JSON document with a line end. Members and their meaning are a contract, see README.md.
std::string to_json(const Report& report);

}  // namespace tapestry::app
