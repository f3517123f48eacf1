#include "linted.h"

#include "verify/lint.h"

namespace tapestry::verify {

std::vector<std::string> lint_faults(const nlohmann::json& vcon) {
  const auto document = Document::parse(vcon.dump());
  Faults faults;
  if (document) check_lint(document->root(), faults);
  return faults.take();
}

std::vector<std::string> lint_with(const std::string& pointer, const nlohmann::json& value) {
  nlohmann::json vcon = good_vcon();
  vcon[nlohmann::json::json_pointer(pointer)] = value;
  return lint_faults(vcon);
}

std::vector<std::string> lint_without(const std::string& pointer, const std::string& name) {
  nlohmann::json vcon = good_vcon();
  vcon[nlohmann::json::json_pointer(pointer)].erase(name);
  return lint_faults(vcon);
}

}  // namespace tapestry::verify
