#include "verify/json.h"

#include <fmt/format.h>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <charconv>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "core/hash.h"
#include "verify/faults.h"

namespace tapestry::verify {

struct JsonNode {
  enum class Kind : std::uint8_t { Null, Bool, Number, Text, Array, Object };

  Kind kind = Kind::Null;
  std::optional<std::uint64_t> index;
  double number = 0;
  bool truth = false;
  std::string text;
  std::vector<JsonNode> items;     // elements, or the members' values
  std::vector<std::string> names;  // the members' names
};

namespace {

using Kind = JsonNode::Kind;
using rapidjson::SizeType;

/// Builds the tree from RapidJSON's events; a false return ends the parse, `reason` says why.
class Builder {
 public:
  std::string reason;
  std::unique_ptr<JsonNode> root;

  bool Null() { return take({}); }
  bool Bool(bool value) {
    JsonNode made = node(Kind::Bool);
    made.truth = value;
    return take(std::move(made));
  }
  bool Int(int value) { return Double(value); }
  bool Uint(unsigned value) { return Uint64(value); }
  bool Int64(std::int64_t value) { return Double(static_cast<double>(value)); }
  bool Uint64(std::uint64_t value) {
    JsonNode made = node(Kind::Number);
    made.index = value;
    made.number = static_cast<double>(value);
    return take(std::move(made));
  }
  bool Double(double value) {
    JsonNode made = node(Kind::Number);
    made.number = value;
    return take(std::move(made));
  }
  /// RapidJSON's own conversion of long numbers is undefined behaviour for some texts (found by fuzzing), so it is not
  /// used.
  bool RawNumber(const char* text, SizeType size, bool) {
    const char* end = text + size;
    std::uint64_t whole = 0;
    if (const auto [stop_at, error] = std::from_chars(text, end, whole); error == std::errc() && stop_at == end)
      return Uint64(whole);
    double value = 0;
    const auto [stop_at, error] = std::from_chars(text, end, value);
    if (error != std::errc() || stop_at != end) return stop("number out of range");
    return Double(value);
  }
  bool String(const char* text, SizeType size, bool) {
    JsonNode made = node(Kind::Text);
    made.text.assign(text, size);
    return take(std::move(made));
  }
  bool Key(const char* text, SizeType size, bool) {
    open_.back().names.emplace_back(text, size);
    return true;
  }
  bool StartObject() { return open(Kind::Object); }
  bool StartArray() { return open(Kind::Array); }
  bool EndObject(SizeType) {
    std::unordered_set<std::string_view, TextHash> seen;
    for (const std::string& name : open_.back().names) {
      if (!seen.insert(name).second) return stop("member twice: " + in_quotes(name));
    }
    return close();
  }
  bool EndArray(SizeType) { return close(); }

 private:
  static JsonNode node(Kind kind) {
    JsonNode made;
    made.kind = kind;
    return made;
  }
  bool stop(std::string why) {
    reason = std::move(why);
    return false;
  }
  bool open(Kind kind) {
    if (open_.size() == kMaxJsonDepth) return stop(fmt::format("nested deeper than {}", kMaxJsonDepth));
    open_.push_back(node(kind));
    return true;
  }
  bool close() {
    JsonNode made = std::move(open_.back());
    open_.pop_back();
    return take(std::move(made));
  }
  bool take(JsonNode made) {
    if (++values_ > kMaxJsonValues) return stop(fmt::format("more than {} values", kMaxJsonValues));
    if (open_.empty()) {
      root = std::make_unique<JsonNode>(std::move(made));
    } else {
      open_.back().items.push_back(std::move(made));
    }
    return true;
  }

  std::vector<JsonNode> open_;
  std::size_t values_ = 0;
};

bool is(const JsonNode* node, Kind kind) { return node != nullptr && node->kind == kind; }

}  // namespace

bool Json::is_null() const noexcept { return is(node_, Kind::Null); }
bool Json::is_object() const noexcept { return is(node_, Kind::Object); }
bool Json::is_array() const noexcept { return is(node_, Kind::Array); }

std::optional<std::string_view> Json::text() const noexcept {
  if (!is(node_, Kind::Text)) return std::nullopt;
  return node_->text;
}

std::optional<bool> Json::truth() const noexcept {
  if (!is(node_, Kind::Bool)) return std::nullopt;
  return node_->truth;
}

std::optional<double> Json::number() const noexcept {
  if (!is(node_, Kind::Number)) return std::nullopt;
  return node_->number;
}

std::optional<std::uint64_t> Json::index() const noexcept {
  if (node_ == nullptr) return std::nullopt;
  return node_->index;
}

std::size_t Json::size() const noexcept { return node_ == nullptr ? 0 : node_->items.size(); }

Json Json::at(std::size_t index) const noexcept {
  if (!is_array() || index >= size()) return {};
  return Json(&node_->items[index]);
}

std::pair<std::string_view, Json> Json::member(std::size_t index) const noexcept {
  if (!is_object() || index >= size()) return {};
  return {node_->names[index], Json(&node_->items[index])};
}

Json Json::operator[](std::string_view name) const noexcept {
  if (!is_object()) return {};
  const auto found = std::ranges::find(node_->names, name);
  if (found == node_->names.end()) return {};
  return Json(&node_->items[static_cast<std::size_t>(found - node_->names.begin())]);
}

Document::Document(std::unique_ptr<JsonNode> root) noexcept : root_(std::move(root)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

std::expected<Document, std::string> Document::parse(std::string_view text) {
  if (text.size() > kMaxJsonBytes) return std::unexpected(fmt::format("longer than {} bytes", kMaxJsonBytes));
  if (text.contains('\0')) return std::unexpected("contains NUL");  // the parser would take it for the end
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  if (!builder.reason.empty()) return std::unexpected(std::move(builder.reason));
  if (result.IsError() || builder.root == nullptr) {
    return std::unexpected(
        fmt::format("not JSON: {} (byte {})", rapidjson::GetParseError_En(result.Code()), result.Offset()));
  }
  return Document(std::move(builder.root));
}

}  // namespace tapestry::verify
