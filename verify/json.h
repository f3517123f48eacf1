#pragma once
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tapestry::verify {

inline constexpr std::size_t kMaxJsonBytes = 64UL << 20U;
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = 1'000'000;  ///< each costs some 100 bytes once parsed

/// A parsed value.
struct JsonNode;

/// A view of one value, or of nothing: whatever is asked of the wrong kind of value answers "nothing". Lives as long as
/// its Document.
class Json {
 public:
  Json() = default;
  explicit Json(const JsonNode* node) noexcept : node_(node) {}

  [[nodiscard]] bool present() const noexcept { return node_ != nullptr; }
  [[nodiscard]] bool is_null() const noexcept;
  [[nodiscard]] bool is_object() const noexcept;
  [[nodiscard]] bool is_array() const noexcept;
  [[nodiscard]] std::optional<std::string_view> text() const noexcept;
  /// `true` or `false`.
  [[nodiscard]] std::optional<bool> truth() const noexcept;
  /// Any JSON number.
  [[nodiscard]] std::optional<double> number() const noexcept;
  /// A number written as an integer ≥ 0.
  [[nodiscard]] std::optional<std::uint64_t> index() const noexcept;
  /// text(), or an empty view.
  [[nodiscard]] std::string_view text_or_empty() const noexcept { return text().value_or(std::string_view()); }

  /// Elements of an array, members of an object; 0 for anything else.
  [[nodiscard]] std::size_t size() const noexcept;
  /// Element `index` of an array; nothing beyond its end.
  [[nodiscard]] Json at(std::size_t index) const noexcept;
  /// Member `index` of an object in the file's order; an empty name and nothing beyond its end.
  [[nodiscard]] std::pair<std::string_view, Json> member(std::size_t index) const noexcept;
  /// The member called `name` of an object.
  [[nodiscard]] Json operator[](std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept { return (*this)[name].present(); }

 private:
  const JsonNode* node_ = nullptr;
};

/// One parsed JSON text (RFC 8259, UTF-8), bounded in bytes, depth and values, without a member name twice in one
/// object.
class Document {
 public:
  /// The reason when the text is not such.
  static std::expected<Document, std::string> parse(std::string_view text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  [[nodiscard]] Json root() const noexcept { return Json(root_.get()); }

 private:
  explicit Document(std::unique_ptr<JsonNode> root) noexcept;
  std::unique_ptr<JsonNode> root_;
};

}  // namespace tapestry::verify
