#include "app/captures.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "capture/file_source.h"

namespace tapestry::app {
namespace {

/// Time of a file's first packet; nothing for an empty or unreadable one, and for stdin, which cannot be read twice.
std::optional<Time> first_packet(const std::string& file) {
  if (file == "-") return std::nullopt;
  try {
    const auto source = capture::open_file(file);
    capture::Frame frame;
    return source->next(frame) ? std::optional(frame.time) : std::nullopt;
  } catch (const std::runtime_error&) {
    return std::nullopt;  // open() meets it again, and reports it
  }
}

}  // namespace

Captures::Captures(const std::vector<std::string>& files) : reports_(files.size()), order_(files.size()) {
  bool known = true;
  for (std::size_t i = 0; i < files.size(); ++i) {
    reports_[i].info.file = files[i];
    order_[i] = i;
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(files[i], error);
    known = known && !error;
    if (!error) total_bytes_ += size;
  }
  if (!known) total_bytes_ = 0;
  if (files.size() > 1) sort_by_first_packet();
}

void Captures::sort_by_first_packet() {
  std::vector<Time> firsts;
  firsts.reserve(reports_.size());
  for (const CaptureReport& report : reports_) firsts.push_back(first_packet(report.info.file).value_or(Time::max()));
  std::sort(order_.begin(), order_.end(),
            [&](std::size_t a, std::size_t b) { return std::pair(firsts[a], a) < std::pair(firsts[b], b); });
}

bool Captures::next(capture::Frame& frame) {
  while (position_ < order_.size()) {
    CaptureReport& report = reports_[order_[position_]];
    if (!source_) open(order_[position_]);
    if (source_ && source_->next(frame)) {
      report.snapped += frame.original_length > frame.data.size() ? 1U : 0U;
      return true;
    }
    close();
  }
  return false;
}

void Captures::open(std::size_t index) {
  capture::CaptureInfo& info = reports_[index].info;
  try {
    source_ = capture::open_file(info.file);
  } catch (const std::runtime_error& error) {
    info.damage = capture::Damage{0, error.what()};
  }
}

void Captures::close() {
  if (source_) {
    capture::CaptureInfo& info = reports_[order_[position_]].info;
    info = source_->info();
    closed_bytes_ += info.consumed;
  }
  source_.reset();
  ++position_;
}

std::uint64_t Captures::done_bytes() const noexcept { return closed_bytes_ + (source_ ? source_->info().consumed : 0); }

}  // namespace tapestry::app
