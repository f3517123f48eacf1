#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/pattern.h"
#include "pause/marker_rule.h"
#include "sipparse/message.h"

namespace tapestry::pause {

/// One rule found in a message.
struct Sighting {
  RuleName rule{};
  Action action = Action::Pause;
};

/// The rules, ready to be looked for. Constant functions from any thread.
class Markers {
 public:
  /// Those that are retired come last. Throws std::runtime_error that names an expression which is none.
  explicit Markers(std::vector<MarkerRule> rules);

  [[nodiscard]] const std::vector<MarkerRule>& rules() const noexcept { return rules_; }
  /// The first of that name, or kind; nullptr when there is none.
  [[nodiscard]] const MarkerRule* find(std::string_view name) const noexcept;
  [[nodiscard]] const MarkerRule* find(Kind kind) const noexcept;
  /// Whether keys that are pressed mark anything, and whether they may end a pause.
  [[nodiscard]] bool have_codes() const noexcept { return have_codes_; }
  [[nodiscard]] bool keys_resume() const noexcept { return keys_resume_; }
  /// Whether a rule names hosts that media goes to.
  [[nodiscard]] bool name_hosts() const noexcept { return name_hosts_; }
  /// What the message's headers and body parts ask for: each rule at most once, a pause before a resume before a
  /// toggle. Rules of other kinds than Sip see nothing here.
  [[nodiscard]] std::vector<Sighting> read(const sip::Message& message) const;
  /// Whether the rule pauses while there is a leg to that address of record.
  [[nodiscard]] bool is_destination(std::size_t rule, std::string_view uri) const;
  /// What an HTTP request line asks for.
  [[nodiscard]] std::vector<Sighting> read_http(std::string_view request_line) const;

 private:
  struct Compiled {
    std::optional<Pattern> method{};
    std::optional<Pattern> body_type{};
    std::optional<Pattern> pause{};
    std::optional<Pattern> resume{};
    std::optional<Pattern> toggle{};
    std::optional<Pattern> http_pause{};
    std::optional<Pattern> http_resume{};
    std::optional<Pattern> destination{};
  };
  [[nodiscard]] std::optional<Action> asked(std::size_t rule, std::string_view text) const;
  [[nodiscard]] std::optional<Action> asked(std::size_t rule, const sip::Message& message) const;

  std::vector<MarkerRule> rules_;
  std::vector<Compiled> compiled_;
  bool have_codes_ = false;
  bool keys_resume_ = false;
  bool name_hosts_ = false;
};

}  // namespace tapestry::pause
