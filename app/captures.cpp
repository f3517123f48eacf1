#include "app/captures.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "capture/file_source.h"

namespace tapestry::app {
namespace {

/// Time of a file's first packet. Without one (it is empty or cannot be read, which open() reports) it comes last.
Time first_packet(const std::string& file) {
  if (file == "-") return Time::min();
  try {
    const auto source = capture::open_file(file);
    capture::Frame frame;
    return source->next(frame) ? frame.time : Time::max();
  } catch (const std::runtime_error&) {
    return Time::max();
  }
}

}  // namespace

Captures::Captures(const std::vector<std::string>& files) : reports_(files.size()) {
  bool known = true;
  for (std::size_t i = 0; i < files.size(); ++i) {
    reports_[i].info.file = files[i];
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(files[i], error);
    known = known && !error;
    if (!error) total_bytes_ += size;
    waiting_.push_back({files.size() > 1 ? first_packet(files[i]) : Time::min(), i});
  }
  if (!known) total_bytes_ = 0;
  std::ranges::sort(waiting_, {}, [](const Waiting& one) { return std::pair(one.first, one.index); });
}

bool Captures::later(const Open& one, const Open& another) noexcept {
  const auto began = std::tie(one.head.time, one.began) <=> std::tie(another.head.time, another.began);
  if (began != 0) return began > 0;
  const bool greater = std::ranges::lexicographical_compare(another.head.data, one.head.data);
  const bool same = !greater && std::ranges::equal(one.head.data, another.head.data);
  return greater || (same && one.order > another.order);
}

bool Captures::next(capture::Frame& frame) {
  if (handed_out_) {
    std::ranges::pop_heap(open_, later);
    read_last();
  }
  open_due();
  handed_out_ = !open_.empty();
  if (!handed_out_) return false;
  frame = open_.front().head;
  last_ = frame.time;
  CaptureReport& report = reports_[waiting_[open_.front().order].index];
  report.snapped += frame.original_length > frame.data.size() ? 1U : 0U;
  return true;
}

void Captures::open_due() {
  while (opened_ < waiting_.size() && open_.size() < kMaxOpenCaptures &&
         (open_.empty() || waiting_[opened_].first <= open_.front().head.time)) {
    open(opened_++);
  }
}

void Captures::open(std::size_t order) {
  const Waiting& due = waiting_[order];
  capture::CaptureInfo& info = reports_[due.index].info;
  try {
    open_.push_back({capture::open_file(info.file), {}, order, due.first});
  } catch (const std::runtime_error& error) {
    info.damage = capture::Damage{0, error.what()};
    return;
  }
  if (last_ && due.first < *last_) ++opened_late_;
  read_last();
}

void Captures::read_last() {
  Open& last = open_.back();
  if (last.source->next(last.head)) {
    std::ranges::push_heap(open_, later);
  } else {
    close(last);
    open_.pop_back();
  }
}

void Captures::close(const Open& done) {
  capture::CaptureInfo& info = reports_[waiting_[done.order].index].info;
  info = done.source->info();
  closed_bytes_ += info.consumed;
}

std::uint64_t Captures::done_bytes() const noexcept {
  std::uint64_t bytes = closed_bytes_;
  for (const Open& one : open_) bytes += one.source->info().consumed;
  return bytes;
}

}  // namespace tapestry::app
