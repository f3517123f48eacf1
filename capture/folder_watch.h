#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <system_error>

#include "capture/folder_file.h"
#include "core/descriptor.h"

namespace tapestry::capture {

/// What is in a folder, and what of it writers closed or moved there. One thread. Linux only.
class FolderWatch {
 public:
  static constexpr std::size_t kMostFiles = 100'000;  ///< that are looked at

  /// `pattern` is of names, as in a shell. Throws std::runtime_error when the folder cannot be watched.
  FolderWatch(std::filesystem::path folder, std::string pattern, std::size_t most = kMostFiles);

  /// Readable when something happened.
  [[nodiscard]] int descriptor() const noexcept { return fd_.get(); }
  /// Takes what happened; false when nothing did.
  bool read_events();
  /// Watches what has the folder's name now: it may have been mounted, or made anew.
  void renew() noexcept;

  /// Its writer closed it or moved it there, and take_closed() was not called since.
  [[nodiscard]] bool is_closed(const std::string& file) const { return closed_.contains(file); }
  bool take_closed(const std::string& file) { return closed_.erase(file) > 0; }

  struct Listing {
    std::map<std::string, FileState> files;  ///< whose names are wanted
    std::error_code error{};                 ///< then the files are not all
    bool cut = false;                        ///< there are more
    std::int64_t newest = 0;                 ///< FileState::changed of the file that changed last

    /// What is wrong with it, for the operator; empty when nothing is.
    [[nodiscard]] std::string fault() const;
  };
  Listing list();

 private:
  [[nodiscard]] bool is_wanted(const std::string& file) const;

  std::filesystem::path folder_;
  std::string pattern_;
  std::size_t most_;
  Descriptor fd_;
  int watch_ = -1;
  std::set<std::string> closed_;
};

}  // namespace tapestry::capture
