// What every device behind a port must do: identity, registers, refusals.
#include <tuple>

#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

TEST_P(PortConformance, TellsItsIdentity) {
  const Words words = read(spec::kRegMagic, 8);
  const auto u = [](int value) { return static_cast<uint32_t>(value); };
  EXPECT_EQ(words[0], spec::kMagicValue);
  EXPECT_EQ(words[1], spec::kMapMinor | spec::kMapMajor << 8 | spec::kProtocolVersion << 16);
  EXPECT_EQ(words[2], spec::kMapHash);
  EXPECT_EQ(words[3], config_.hash);
  EXPECT_EQ(words[4], u(config_.rows) | u(config_.cols) << 16);
  EXPECT_EQ(words[5], u(config_.banks) | u(config_.in_bits) << 16 | u(config_.cell_bits) << 20 |
                          u(config_.slices) << 24 | u(config_.offset_bits) << 28);
  EXPECT_EQ(words[6], u(config_.in_words) | u(config_.out_words) << 16);
  EXPECT_EQ(words[7], u(config_.kept) | u(config_.max_payload) << 16);
}

TEST_P(PortConformance, StartsWithTheResetValues) {
  EXPECT_EQ(port_->read_word(spec::kRegScratch), spec::kScratchReset);
  EXPECT_EQ(port_->read_word(spec::kRegStatus), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegBase), spec::kBaseReset);
  EXPECT_EQ(port_->read_word(spec::kRegAdc), spec::kAdcReset);
  EXPECT_EQ(read(spec::kRegJobBank, 7), Words(7, 0));
  EXPECT_EQ(port_->read_word(spec::kRegFeatures),
            static_cast<uint32_t>(config_.effects | config_.controller << 1));
}

TEST_P(PortConformance, ScratchHoldsWhatWasWritten) {
  for (const uint32_t value : {0u, ~0u, 0xA5C35A7Eu, 0x12345678u}) {
    port_->write_word(spec::kRegScratch, value);
    EXPECT_EQ(port_->read_word(spec::kRegScratch), value);
  }
}

TEST_P(PortConformance, RefusesAddressesWhereNothingIs) {
  for (const uint32_t address : {0x38u,       0x3Cu,
                                 0xE8u,       0xFCu,
                                 0x130u,      0x13Cu,
                                 0x180u,      0x1FCu,
                                 0x238u,      0x2FCu,
                                 0x300u,      0x21u,
                                 0x22u,       spec::kWindowInput + 2,
                                 0x0000FFFCu, 0x00060000u,
                                 0x00400000u, 0x05000000u,
                                 0x7FFFFFFCu, 0x81000000u,
                                 0xFFFFFFFCu}) {
    expect_refused(spec::Status::kBadAddress, address,
                   [&] { std::ignore = port_->read_word(address); });
    expect_refused(spec::Status::kBadAddress, address, [&] { port_->write_word(address, 0); });
  }
}

TEST_P(PortConformance, WhatNeedsEffectsOrAControllerIsNotThereWithoutThem) {
  const auto expect = [&](uint32_t address, spec::Needs needs) {
    if (models::has(config_, needs)) {
      EXPECT_NO_THROW(std::ignore = port_->read_word(address)) << describe_address(address);
      return;
    }
    SCOPED_TRACE(describe_address(address));
    expect_refused(spec::Status::kBadAddress, address,
                   [&] { std::ignore = port_->read_word(address); });
    expect_refused(spec::Status::kBadAddress, address, [&] { port_->write_word(address, 0); });
  };
  for (const spec::RegisterInfo& known : spec::kRegisters) {
    if (known.access != spec::Access::kWriteOnly) {
      expect(known.address, known.needs);
    } else if (!models::has(config_, known.needs)) {
      expect_refused(spec::Status::kBadAddress, known.address,
                     [&] { port_->write_word(known.address, 0); });
    }
  }
  for (const spec::WindowInfo& window : spec::kWindows) expect(window.address, window.needs);
}

TEST_P(PortConformance, NamesTheFirstAddressBehindAWindow) {
  for (const WindowSize& window : windows()) {
    EXPECT_NO_THROW(read(word(window.base, window.words - 1), 1));
    expect_refused(spec::Status::kBadAddress, word(window.base, window.words),
                   [&] { read(word(window.base, window.words - 2), 4); });
  }
}

TEST_P(PortConformance, RefusesWritesToReadOnlyAndReadsOfWriteOnly) {
  for (const uint32_t address :
       {spec::kRegMagic, spec::kRegVersion, spec::kRegLinkInfo, spec::kRegStatus,
        spec::kRegErrorAddr, spec::kRegFeatures, spec::kRegCyclesLo, spec::kRegBusyCycles,
        spec::kWindowOutputLo, spec::kWindowOutputHi}) {
    expect_refused(spec::Status::kAccess, address, [&] { port_->write_word(address, 0); });
  }
  for (const uint32_t address : {spec::kRegCtrl, spec::kRegJobStart, spec::kRegCellPoke}) {
    expect_refused(spec::Status::kAccess, address,
                   [&] { std::ignore = port_->read_word(address); });
  }
}

TEST_P(PortConformance, RefusesValuesOutsideTheirRange) {
  const struct {
    uint32_t address, value;
  } illegal[] = {{spec::kRegInject, 7u << 8},
                 {spec::kRegInject, 19u << 8},
                 {spec::kRegInject, 8u << 8 | 2},
                 {spec::kRegInject, 0x80000800},
                 {spec::kRegBase, 256},
                 {spec::kRegAdc, 8u << 8 | 28},
                 {spec::kRegAdc, 0},
                 {spec::kRegAdc, 13u << 8},
                 {spec::kRegAdc, 8u << 8 | 1u << 17},
                 {spec::kRegAdc, 8u << 8 | 32},
                 {spec::kRegJobBank, 0x10000},
                 {spec::kRegJobOut, 0x80000000},
                 {spec::kRegCtrl, 2},
                 {spec::kRegJobStart, 2}};
  for (const auto& write : illegal) {
    SCOPED_TRACE(testing::Message()
                 << describe_address(write.address) << " = 0x" << std::hex << write.value);
    const RefusedFrame frame = refusal([&] { port_->write_word(write.address, write.value); });
    EXPECT_EQ(spec::status_name(frame.status), "BAD_VALUE");
    EXPECT_EQ(frame.detail, write.address);
    EXPECT_EQ(frame.word, write.value);  // what the error's text explains
  }
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegAdc), spec::kAdcReset);
}

TEST_P(PortConformance, RefusesValuesBesideAFieldsRangeAndBitsOfNoField) {
  for (const spec::RegisterInfo& at : spec::kRegisters) {
    const bool writable = at.access != spec::Access::kReadOnly && !at.one_to_clear &&
                          at.address != spec::kRegCellPoke;
    if (!writable || !models::has(config_, at.needs)) continue;
    const bool readable = at.access == spec::Access::kReadWrite;
    const uint32_t before = readable ? port_->read_word(at.address) : 0;
    uint32_t fields = 0;
    Words illegal;
    for (const spec::FieldInfo& part : at.fields) {
      fields |= part.mask;
      const uint32_t rest = at.reset & ~part.mask;
      if (part.minimum > 0) illegal.push_back(rest | (part.minimum - 1) << part.lsb);
      if (part.maximum < part.mask >> part.lsb)
        illegal.push_back(rest | (part.maximum + 1) << part.lsb);
    }
    Words unused;
    for (uint32_t bit = 1; bit != 0; bit <<= 1)
      if ((fields & bit) == 0) unused.push_back(bit);
    if (!unused.empty()) {
      for (const uint32_t bit : {unused.front(), unused.back(), unused[random_() % unused.size()]})
        illegal.push_back(at.reset | bit);
    }
    for (const uint32_t value : illegal) {
      SCOPED_TRACE(testing::Message() << at.name << " = 0x" << std::hex << value);
      expect_refused(spec::Status::kBadValue, at.address,
                     [&] { port_->write_word(at.address, value); });
    }
    if (readable) {
      EXPECT_EQ(port_->read_word(at.address), before) << at.name;
    }
  }
}

TEST_P(PortConformance, TakesTheEndsOfEveryLegalRange) {
  const struct {
    uint32_t address, value;
  } legal[] = {{spec::kRegInject, 8u << 8},
               {spec::kRegInject, 18u << 8 | 1},
               {spec::kRegBase, 255},
               {spec::kRegAdc, 1u << 8},
               {spec::kRegAdc, 12u << 8 | 27 | 1u << 16},
               {spec::kRegJobCount, 0xFFFF}};
  for (const auto& [address, value] : legal) {
    port_->write_word(address, value);
    EXPECT_EQ(port_->read_word(address), value);
  }
}

TEST_P(PortConformance, ARefusedFrameChangesNothing) {
  const Words settings{18u << 8 | 1, 17, 0};  // the last one, ADC, is illegal
  expect_refused(spec::Status::kBadValue, spec::kRegAdc,
                 [&] { port_->write(spec::kRegInject, settings); });
  EXPECT_EQ(port_->read_word(spec::kRegInject), spec::kInjectReset);
  EXPECT_EQ(port_->read_word(spec::kRegBase), spec::kBaseReset);

  const uint32_t last = word(spec::kWindowInput, size(config_.in_words) - 1);
  port_->write_word(last, 0x01020304);
  expect_refused(spec::Status::kBadAddress, last + 4, [&] { port_->write(last, Words{5, 6}); });
  EXPECT_EQ(port_->read_word(last), 0x01020304u);

  port_->write_word(spec::kWindowOffset, 0);
  const auto cells = static_cast<uint32_t>(rows_of_all_banks() * size(config_.cols));
  const uint32_t bad = cells << 8 | 1;
  expect_refused(spec::Status::kBadValue, bad, [&] {
    port_->write_fixed(spec::kRegCellPoke, Words{1, 1u << 8 | 2, bad});
  });
  EXPECT_EQ(port_->read_word(spec::kWindowOffset), 0u);
}

TEST_P(PortConformance, ErrorBitsStickUntilTheyAreClearedAndTheFirstAddressIsKept) {
  EXPECT_EQ(port_->read_word(spec::kRegError), 0u);
  refusal([&] { port_->write_word(spec::kRegBase, 256); });
  refusal([&] { std::ignore = port_->read_word(0x38); });
  refusal([&] { port_->write_word(spec::kRegMagic, 0); });
  EXPECT_EQ(port_->read_word(spec::kRegError),
            spec::kErrorBadValueMask | spec::kErrorBadAddressMask | spec::kErrorAccessMask);
  EXPECT_EQ(port_->read_word(spec::kRegErrorAddr), spec::kRegBase);
  port_->write_word(spec::kRegError, spec::kErrorBadAddressMask);
  EXPECT_EQ(port_->read_word(spec::kRegError), spec::kErrorBadValueMask | spec::kErrorAccessMask);
  port_->write_word(spec::kRegError, ~0u);
  EXPECT_EQ(port_->read_word(spec::kRegError), 0u);
  refusal([&] { std::ignore = port_->read_word(0x3C); });
  EXPECT_EQ(port_->read_word(spec::kRegErrorAddr), 0x3Cu);
}

}  // namespace
}  // namespace crucible::port
