#include "capture/fanout.h"

#include <linux/bpf_common.h>

#include <array>
#include <vector>

namespace tapestry::capture {
namespace {

enum class Label : std::uint8_t { Next, Version6, Ports, Second, Mix, Zero };

/// Instructions, and jumps to labels that are placed before or after them.
class Assembler {
 public:
  void add(int code, std::uint32_t k = 0) { program_.push_back({static_cast<std::uint16_t>(code), 0, 0, k}); }
  void jump(int test, std::uint32_t k, Label if_true, Label if_false) {
    jumps_.push_back({program_.size(), if_true, if_false});
    add(BPF_JMP | test | BPF_K, k);
  }
  void place(Label label) { places_.at(static_cast<std::size_t>(label)) = program_.size(); }
  BpfProgram finish() {
    for (const Jump& one : jumps_) {
      program_[one.at].jump_true = distance(one.at, one.if_true);
      program_[one.at].jump_false = distance(one.at, one.if_false);
    }
    return program_;
  }

 private:
  struct Jump {
    std::size_t at;
    Label if_true;
    Label if_false;
  };
  [[nodiscard]] std::uint8_t distance(std::size_t at, Label label) const {
    if (label == Label::Next) return 0;
    return static_cast<std::uint8_t>(places_.at(static_cast<std::size_t>(label)) - at - 1);
  }

  BpfProgram program_;
  std::vector<Jump> jumps_;
  std::array<std::size_t, 6> places_{};
};

constexpr int kByte = BPF_LD | BPF_B | BPF_ABS;
constexpr int kHalf = BPF_LD | BPF_H | BPF_ABS;
constexpr int kWord = BPF_LD | BPF_W | BPF_ABS;
constexpr int kHalfAtX = BPF_LD | BPF_H | BPF_IND;
constexpr int kXorX = BPF_ALU | BPF_XOR | BPF_X;
constexpr int kToX = BPF_MISC | 0x00;  // BPF_TAX
constexpr std::uint32_t kUdpProtocol = 17;

/// Leaves both addresses, mixed, in scratch word 0.
void mix_addresses(Assembler& code, std::uint32_t source, std::uint32_t destination) {
  code.add(kWord, source);
  code.add(kToX);
  code.add(kWord, destination);
  code.add(kXorX);
  code.add(BPF_ALU | BPF_MUL | BPF_K, 0x85eb'ca6bU);
  code.add(BPF_ST, 0);
}

void version4(Assembler& code, std::uint32_t network) {
  constexpr std::uint32_t kFragment = 0x3fff;  // more fragments, or an offset
  code.add(kByte, network + 9);
  code.jump(BPF_JEQ, kUdpProtocol, Label::Next, Label::Zero);
  code.add(kHalf, network + 6);
  code.jump(BPF_JSET, kFragment, Label::Zero, Label::Next);
  mix_addresses(code, network + 12, network + 16);
  code.add(BPF_LDX | BPF_B | BPF_MSH, network);
  code.jump(BPF_JEQ, 0, Label::Ports, Label::Ports);
}

void version6(Assembler& code, std::uint32_t network) {
  constexpr std::uint32_t kHeader = 40;
  code.place(Label::Version6);
  code.add(kByte, network + 6);
  code.jump(BPF_JEQ, kUdpProtocol, Label::Next, Label::Zero);
  mix_addresses(code, network + 20, network + 36);
  code.add(BPF_LDX | BPF_W | BPF_IMM, kHeader);
}

/// Goes to `next` with a port that is not SIP's.
void test_port(Assembler& code, Label next) {
  code.jump(BPF_JGE, kFirstSipPort, Label::Next, next);
  code.jump(BPF_JGT, kLastSipPort, next, Label::Zero);
  code.place(next);
}

}  // namespace

BpfProgram fanout_program(std::uint32_t network) {
  Assembler code;
  code.add(kByte, network);
  code.add(BPF_ALU | BPF_RSH | BPF_K, 4);
  code.jump(BPF_JEQ, 6, Label::Version6, Label::Next);
  code.jump(BPF_JEQ, 4, Label::Next, Label::Zero);
  version4(code, network);
  version6(code, network);
  code.place(Label::Ports);
  code.add(kHalfAtX, network);
  test_port(code, Label::Second);
  code.add(BPF_ST, 1);
  code.add(kHalfAtX, network + 2);
  test_port(code, Label::Mix);
  code.add(kToX);
  code.add(BPF_LD | BPF_MEM, 1);
  code.add(kXorX);
  code.add(kToX);
  code.add(BPF_LD | BPF_MEM, 0);
  code.add(kXorX);
  code.add(BPF_ALU | BPF_MUL | BPF_K, 0x9e37'79b1U);
  code.add(BPF_ALU | BPF_RSH | BPF_K, 16);
  code.add(BPF_RET | 0x10);  // BPF_A
  code.place(Label::Zero);
  code.add(BPF_RET | BPF_K, 0);
  return code.finish();
}

}  // namespace tapestry::capture
