#include "app/conversation_log.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "core/bytes.h"
#include "spool/unnamed_file.h"

namespace tapestry::app {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(
      fmt::format("cannot {} the report's rows: {}", what, std::generic_category().message(errno)));
}

}  // namespace

ConversationLog::ConversationLog(const std::filesystem::path& folder, Render render)
    : file_(fdopen(spool::open_unnamed(folder), "w+")), render_(render) {
  if (!file_) fail("open");
}

void ConversationLog::add(const ConversationReport& conversation) {
  const std::string text = render_(conversation);
  const std::uint64_t length = text.size();
  if (std::fwrite(&length, sizeof length, 1, file_.get()) != 1 ||
      std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
    fail("write");
  }
  ++size_;
  calls_ += conversation.call_ids.size();
  already_ += conversation.already ? 1U : 0U;
  if (conversation.fault.empty()) return;
  if (faults_.size() == kMostFaults) {
    ++more_faults_;
  } else {
    faults_.push_back(fmt::format("conversation {} of {}: not written: {}", conversation.uuid,
                                  to_rfc3339(conversation.start), conversation.fault));
  }
}

void ConversationLog::for_each(const std::function<void(std::string_view)>& use) const {
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail("read");
  std::string text;
  for (std::uint64_t i = 0; i < size_; ++i) {
    std::uint64_t length = 0;
    if (std::fread(&length, sizeof length, 1, file_.get()) != 1) fail("read");
    text.resize(length);
    if (std::fread(text.data(), 1, length, file_.get()) != length) fail("read");
    use(text);
  }
  // Between reading and writing a stream must be positioned.
  if (std::fseek(file_.get(), 0, SEEK_END) != 0) fail("read");
}

std::vector<std::string> ConversationLog::faults() const {
  std::vector<std::string> faults = faults_;
  if (more_faults_ != 0) faults.push_back(fmt::format("{} more conversations were not written", more_faults_));
  return faults;
}

}  // namespace tapestry::app
