#include "capture/bpf_program.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <memory>
#include <stdexcept>

#include "capture/link_type.h"
#include "core/pattern.h"

namespace tapestry::capture {

BpfProgram compile_filter(const std::string& expression, std::uint32_t link_type, std::uint32_t snaplen) {
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> handle(
      // What LINKTYPE_RAW says in files is DLT_RAW to the compiler.
      pcap_open_dead(link_type == link::kRaw ? DLT_RAW : static_cast<int>(link_type), static_cast<int>(snaplen)),
      pcap_close);
  if (!handle) throw std::runtime_error("no memory for a filter");
  if (Pattern("\\bvlan\\b").matches(expression)) {
    throw std::runtime_error("a filter sees frames without their outer VLAN tag: \"vlan\" cannot be asked for");
  }
  bpf_program compiled{};
  if (pcap_compile(handle.get(), &compiled, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    throw std::runtime_error(fmt::format("the filter \"{}\" is wrong: {}", expression, pcap_geterr(handle.get())));
  }
  BpfProgram program;
  for (unsigned i = 0; i < compiled.bf_len; ++i) {
    const bpf_insn& one = compiled.bf_insns[i];
    program.push_back({one.code, one.jt, one.jf, one.k});
  }
  pcap_freecode(&compiled);
  return program;
}

std::uint32_t run_program(const BpfProgram& program, Bytes bytes) {
  std::vector<bpf_insn> instructions;
  for (const BpfInstruction& one : program) instructions.push_back({one.code, one.jump_true, one.jump_false, one.k});
  const auto length = static_cast<u_int>(bytes.size());
  return bpf_filter(instructions.data(), bytes.data(), length, length);
}

}  // namespace tapestry::capture
