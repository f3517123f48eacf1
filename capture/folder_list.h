#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capture/folder_file.h"
#include "core/time.h"

namespace tapestry::capture {

/// A file of a folder that was read, to its end or in part.
struct ReadFile {
  std::string name;
  FileState state{};         ///< when it was opened
  std::uint64_t frames = 0;  ///< that it gave
  Time first{};              ///< of the first and the last of these
  Time last{};
  bool closed = false;            ///< by its writer, before it was opened
  bool ended = false;             ///< read to its end
  bool remove = false;            ///< read without a fault, and to be deleted
  bool safe = true;               ///< whoever goes on after a kill needs not read these frames again
  std::optional<Time> missing{};  ///< since when the folder has it no more; wall clock
};

/// Which files of a folder were read, in a file that outlives the process; beside it another one, `.begun`, says how
/// much is safe of those that are being read, so that it is small and may be written often. Both are replaced as a
/// whole. One thread.
class FolderList {
 public:
  /// A file is forgotten when it was missing for so long: a folder that was not mounted comes back.
  static constexpr std::chrono::hours kForgotten{24};
  /// Beyond that those are forgotten first that are missing, and then those whose packets are oldest.
  static constexpr std::size_t kMost = 200'000;

  /// Both files may be absent. Throws std::runtime_error when one cannot be read.
  explicit FolderList(std::filesystem::path file);

  /// What was read of a file that has this name and state now, under that name or another one. Valid until the next
  /// call of another member; null when nothing was.
  [[nodiscard]] const ReadFile* find(const std::string& name, const FileState& now) const;
  /// Valid until erased; null when there is none.
  [[nodiscard]] ReadFile* named(const std::string& name);
  /// In place of what has its name.
  void put(ReadFile file);
  void erase(const std::string& name);
  /// What has either name has the other one then.
  void swap_names(const std::string& one, const std::string& other);
  /// The whole folder has these, and nothing else. True when one was forgotten.
  bool note_listing(const std::map<std::string, FileState>& files, Time now);

  /// Keeps all that is safe; false when it cannot be written.
  [[nodiscard]] bool save() const;
  /// Keeps how much is safe of those that are being read, or were and are not safe as a whole.
  [[nodiscard]] bool save_begun(const std::vector<ReadFile>& files) const;

 private:
  void shrink();
  void take_back(std::map<std::string, ReadFile>::node_type file, const std::string& name);

  std::filesystem::path file_;
  std::filesystem::path begun_;
  std::map<std::string, ReadFile> files_;                                 ///< by name
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> by_id_;  ///< their names, by device and inode
};

}  // namespace tapestry::capture
