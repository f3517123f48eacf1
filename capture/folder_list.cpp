#include "capture/folder_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShrinkBy = FolderList::kMost / 10;

std::pair<std::uint64_t, std::uint64_t> id_of(const FileState& state) { return {state.device, state.inode}; }

void write(std::ostream& out, const ReadFile& file) {
  const auto count = [](Time time) { return time.time_since_epoch().count(); };
  out << file.state.size << ' ' << file.state.changed << ' ' << file.state.device << ' ' << file.state.inode << ' '
      << file.frames << ' ' << count(file.first) << ' ' << count(file.last) << ' ' << file.closed << ' ' << file.ended
      << ' ' << file.remove << ' ' << file.name << '\n';
}

bool read(std::istream& in, ReadFile& file) {
  Duration::rep first = 0;
  Duration::rep last = 0;
  in >> file.state.size >> file.state.changed >> file.state.device >> file.state.inode >> file.frames >> first >> last;
  in >> file.closed >> file.ended >> file.remove;
  file.first = Time(Duration(first));
  file.last = Time(Duration(last));
  return in && in.get() == ' ' && std::getline(in, file.name);
}

std::vector<ReadFile> load(const fs::path& path) {
  std::vector<ReadFile> files;
  std::ifstream stream(path);
  for (ReadFile file; read(stream, file);) files.push_back(file);
  if (fs::exists(path) && !stream.eof()) {
    throw std::runtime_error(fmt::format("{} cannot be read; without it files would be read twice", path.string()));
  }
  return files;
}

template <typename Write>
bool replace(const fs::path& path, const Write& write_all) {
  const fs::path made = path.string() + ".part";
  std::ofstream stream(made);
  write_all(stream);
  stream.close();
  std::error_code error;
  if (stream) fs::rename(made, path, error);
  return stream && !error;
}

}  // namespace

FolderList::FolderList(fs::path file) : file_(std::move(file)), begun_(file_.string() + ".begun") {
  for (ReadFile& one : load(file_)) put(std::move(one));
  const std::vector<ReadFile> begun = load(begun_);
  for (const ReadFile& one : begun) {
    const ReadFile* known = named(one.name);
    if (known == nullptr || !known->ended || !is_unchanged(known->state, one.state)) put(one);
  }
  if (!begun.empty() && !save()) throw std::runtime_error(fmt::format("{} cannot be written", file_.string()));
}

const ReadFile* FolderList::find(const std::string& name, const FileState& now) const {
  const auto same_name = files_.find(name);
  if (same_name != files_.end() && is_unchanged(same_name->second.state, now)) return &same_name->second;
  if (const auto id = by_id_.find(id_of(now)); id != by_id_.end()) return &files_.at(id->second);
  // Mounted again a file system may have another number.
  const bool same_inode = same_name != files_.end() && same_name->second.state.inode == now.inode;
  return same_inode ? &same_name->second : nullptr;
}

ReadFile* FolderList::named(const std::string& name) {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

void FolderList::put(ReadFile file) {
  const std::string name = file.name;
  erase(name);
  by_id_[id_of(file.state)] = name;
  files_.emplace(name, std::move(file));
  if (files_.size() > kMost) shrink();
}

void FolderList::erase(const std::string& name) {
  const auto found = files_.find(name);
  if (found == files_.end()) return;
  const auto id = by_id_.find(id_of(found->second.state));
  if (id != by_id_.end() && id->second == found->first) by_id_.erase(id);
  files_.erase(found);
}

void FolderList::swap_names(const std::string& one, const std::string& other) {
  auto of_one = files_.extract(one);
  auto of_other = files_.extract(other);
  take_back(std::move(of_one), other);
  take_back(std::move(of_other), one);
}

void FolderList::take_back(std::map<std::string, ReadFile>::node_type file, const std::string& name) {
  if (file.empty()) return;
  file.key() = name;
  file.mapped().name = name;
  by_id_[id_of(file.mapped().state)] = name;
  files_.insert(std::move(file));
}

bool FolderList::note_listing(const std::map<std::string, FileState>& files, Time now) {
  std::vector<std::string> forgotten;
  for (auto& [name, file] : files_) {
    if (files.contains(name)) {
      file.missing.reset();
    } else if (!file.missing) {
      file.missing = now;
    } else if (now - *file.missing >= kForgotten) {
      forgotten.push_back(name);
    }
  }
  for (const std::string& name : forgotten) erase(name);
  return !forgotten.empty();
}

void FolderList::shrink() {
  std::vector<std::pair<std::pair<Time, Time>, std::string>> order;
  order.reserve(files_.size());
  for (const auto& [name, file] : files_) order.push_back({{file.missing.value_or(Time::max()), file.last}, name});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(kShrinkBy);
  std::ranges::nth_element(order, end);
  std::for_each(order.begin(), end, [this](const auto& one) { erase(one.second); });
}

bool FolderList::save() const {
  return replace(file_, [this](std::ostream& out) {
    for (const auto& [name, file] : files_) {
      if (file.safe) write(out, file);
    }
  });
}

bool FolderList::save_begun(const std::vector<ReadFile>& files) const {
  return replace(begun_, [&files](std::ostream& out) {
    for (const ReadFile& file : files) write(out, file);
  });
}

}  // namespace tapestry::capture
