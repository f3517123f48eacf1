#include "sipparse/payload_type.h"

#include <algorithm>
#include <array>

namespace tapestry::sip {
namespace {

constexpr auto kStaticTypes = std::to_array<StaticPayloadType>({
    {0, "PCMU", 8000, 1},   {3, "GSM", 8000, 1},    {4, "G723", 8000, 1},   {5, "DVI4", 8000, 1},
    {6, "DVI4", 16000, 1},  {7, "LPC", 8000, 1},    {8, "PCMA", 8000, 1},   {9, "G722", 8000, 1},
    {10, "L16", 44100, 2},  {11, "L16", 44100, 1},  {12, "QCELP", 8000, 1}, {13, "CN", 8000, 1},
    {14, "MPA", 90000, 1},  {15, "G728", 8000, 1},  {16, "DVI4", 11025, 1}, {17, "DVI4", 22050, 1},
    {18, "G729", 8000, 1},  {25, "CELB", 90000, 1}, {26, "JPEG", 90000, 1}, {28, "NV", 90000, 1},
    {31, "H261", 90000, 1}, {32, "MPV", 90000, 1},  {33, "MP2T", 90000, 1}, {34, "H263", 90000, 1},
});

}  // namespace

const StaticPayloadType* static_payload_type(std::uint8_t payload_type) noexcept {
  const auto* const found = std::ranges::find(kStaticTypes, payload_type, &StaticPayloadType::payload_type);
  return found == kStaticTypes.end() ? nullptr : found;
}

}  // namespace tapestry::sip
