#include "verify/json.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "core/hash.h"
#include "verify/faults.h"

namespace tapestry::verify {
namespace {

/// What keeps the parser within its bounds, seen before it runs; nothing when the text keeps to them.
std::optional<std::string> beyond_bounds(std::string_view text) {
  if (text.size() > kMaxJsonBytes) return fmt::format("longer than {} bytes", kMaxJsonBytes);
  if (text.starts_with("\xEF\xBB\xBF")) return "begins with a byte order mark";
  std::size_t depth = 0;
  std::size_t values = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') return "contains NUL";
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == ',' || c == ':' || c == '[') ++values;
    if (depth > kMaxJsonDepth) return fmt::format("nested deeper than {}", kMaxJsonDepth);
    if (values > kMaxJsonValues) return fmt::format("more than {} values", kMaxJsonValues);
  }
  return std::nullopt;
}

/// A member name that one object has twice. Not recursive; each value is visited once.
std::optional<std::string> repeated_name(Json root) {
  std::vector<Json> pending{root};
  while (!pending.empty()) {
    const Json value = pending.back();
    pending.pop_back();
    std::unordered_set<std::string_view, TextHash> names;
    for (std::size_t n = 0; value.is_object() && n < value.size(); ++n) {
      const auto [name, child] = value.member(n);
      if (!names.insert(name).second) return std::string(name);
      if (child.size() != 0) pending.push_back(child);
    }
    for (std::size_t n = 0; value.is_array() && n < value.size(); ++n) {
      if (value.at(n).size() != 0) pending.push_back(value.at(n));
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> Json::text() const noexcept {
  if (value_ == nullptr || !value_->IsString()) return std::nullopt;
  return std::string_view(value_->GetString(), value_->GetStringLength());
}

std::optional<double> Json::number() const noexcept {
  if (value_ == nullptr || !value_->IsNumber()) return std::nullopt;
  return value_->GetDouble();
}

std::optional<std::uint64_t> Json::index() const noexcept {
  if (value_ == nullptr || !value_->IsUint64()) return std::nullopt;
  return value_->GetUint64();
}

std::size_t Json::size() const noexcept {
  if (is_array()) return value_->Size();
  if (is_object()) return value_->MemberCount();
  return 0;
}

Json Json::at(std::size_t index) const noexcept {
  if (!is_array() || index >= value_->Size()) return {};
  return Json(value_->Begin() + index);
}

std::pair<std::string_view, Json> Json::member(std::size_t index) const noexcept {
  if (!is_object() || index >= value_->MemberCount()) return {};
  const auto found = value_->MemberBegin() + static_cast<std::ptrdiff_t>(index);
  return {std::string_view(found->name.GetString(), found->name.GetStringLength()), Json(&found->value)};
}

Json Json::operator[](std::string_view name) const noexcept {
  for (std::size_t n = 0; is_object() && n < size(); ++n) {
    const auto [key, value] = member(n);
    if (key == name) return value;
  }
  return {};
}

std::expected<Document, std::string> Document::parse(std::string_view text) {
  if (auto reason = beyond_bounds(text)) return std::unexpected(std::move(*reason));
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
  Document out;
  out.document_.Parse<kFlags>(text.data(), text.size());
  if (out.document_.HasParseError()) {
    return std::unexpected(fmt::format("not JSON: {} (byte {})",
                                       rapidjson::GetParseError_En(out.document_.GetParseError()),
                                       out.document_.GetErrorOffset()));
  }
  if (const auto name = repeated_name(out.root())) return std::unexpected("member twice: " + in_quotes(*name));
  return out;
}

}  // namespace tapestry::verify
