#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/report.h"

namespace tapestry::app {

/// What a report says about each conversation, as text in a file without a name: a report takes no more memory for more
/// conversations. One thread. Throws std::runtime_error when the disk fails.
class ConversationLog {
 public:
  using Render = std::string (*)(const ConversationReport&);

  /// The file is made in `folder`, which exists.
  ConversationLog(const std::filesystem::path& folder, Render render);

  void add(const ConversationReport& conversation);
  /// The rendered texts in the order in which they were added.
  void for_each(const std::function<void(std::string_view)>& use) const;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }      ///< Call-IDs
  [[nodiscard]] std::uint64_t already() const noexcept { return already_; }  ///< that were in the output before
  /// Why conversations could not be written: the first kMostFaults, then one line that counts the others.
  [[nodiscard]] std::vector<std::string> faults() const;

  static constexpr std::size_t kMostFaults = 1000;

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  Render render_;
  std::uint64_t size_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t already_ = 0;
  std::uint64_t more_faults_ = 0;
  std::vector<std::string> faults_;
};

}  // namespace tapestry::app
