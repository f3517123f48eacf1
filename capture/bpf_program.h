#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace tapestry::capture {

/// One instruction of a classic BPF program: the kernel's struct sock_filter, libpcap's struct bpf_insn.
struct BpfInstruction {
  std::uint16_t code = 0;
  std::uint8_t jump_true = 0;
  std::uint8_t jump_false = 0;
  std::uint32_t k = 0;
};
using BpfProgram = std::vector<BpfInstruction>;

/// Compiles a filter expression (pcap-filter(7)); an empty one takes everything. `snaplen` is what it lets pass of each
/// frame. Throws std::runtime_error with libpcap's words when the expression is wrong, and when it asks for VLANs: the
/// kernel takes the outer tag off before a filter sees the frame.
BpfProgram compile_filter(const std::string& expression, std::uint32_t link_type, std::uint32_t snaplen);

/// What the program returns for the bytes: 0 is no match.
std::uint32_t run_program(const BpfProgram& program, Bytes bytes);

}  // namespace tapestry::capture
