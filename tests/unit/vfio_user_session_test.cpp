// The vfio-user server's side, message by message, good ones and bad ones.
#include "sim/pcie/vfio_user_session.hpp"

#include <gtest/gtest.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

#include "sim/pcie/card_model.hpp"

namespace crucible::sim {
namespace {

namespace vfio_user = link::vfio_user;
namespace card = spec::card;
using vfio_user::Command;
using vfio_user::Header;
using Bytes = std::vector<uint8_t>;

template <typename Struct>
Bytes bytes_of(const Struct& value) {
  Bytes bytes(sizeof(Struct));
  std::memcpy(bytes.data(), &value, sizeof(Struct));
  return bytes;
}

template <typename Struct>
Struct first_of(const Bytes& bytes) {
  Struct value{};
  EXPECT_GE(bytes.size(), sizeof(Struct));
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(Struct)));
  return value;
}

Bytes join(const Bytes& first, const Bytes& second) {
  Bytes both(first.size() + second.size());
  std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), both.begin()));
  return both;
}

class VfioUser : public testing::Test {
 protected:
  struct Reply {
    int error = 0;
    Bytes payload;
  };

  static Bytes message(Command command, const Bytes& payload, uint32_t flags = 0) {
    const Header header{77, command, static_cast<uint32_t>(sizeof(Header) + payload.size()), flags,
                        0};
    return join(bytes_of(header), payload);
  }

  Reply ask(Command command, const Bytes& payload = {},
            VfioUserSession::Descriptors descriptors = {}) {
    const Bytes request = message(command, payload);
    EXPECT_EQ(session_.message_size(request), request.size());
    const Bytes reply = session_.handle(request, descriptors);
    const auto header = first_of<Header>(reply);
    EXPECT_EQ(header.id, 77);
    EXPECT_EQ(header.command, command);
    EXPECT_EQ(header.size, reply.size());
    EXPECT_EQ(header.flags & vfio_user::kTypeMask, vfio_user::kTypeReply);
    const bool failed = (header.flags & vfio_user::kError) != 0;
    EXPECT_EQ(failed, header.error != 0);
    EXPECT_TRUE(!failed || reply.size() == sizeof(Header)) << "an error has only its header";
    return {static_cast<int>(header.error), {reply.begin() + sizeof(Header), reply.end()}};
  }

  static Bytes version(const std::string& json, uint16_t major = 0, uint16_t minor = 1) {
    Bytes text(json.begin(), json.end());
    if (!text.empty()) text.push_back(0);
    return join(bytes_of(vfio_user::Version{major, minor}), text);
  }
  void negotiate() { ASSERT_EQ(ask(Command::kVersion, version("")).error, 0); }

  Reply read(uint32_t region, uint64_t offset, uint32_t count) {
    Reply reply =
        ask(Command::kRegionRead, bytes_of(vfio_user::RegionAccess{offset, region, count}));
    if (reply.error == 0) {
      const auto access = first_of<vfio_user::RegionAccess>(reply.payload);
      EXPECT_EQ(access.count, count);
      reply.payload.erase(reply.payload.begin(), reply.payload.begin() + sizeof(access));
    }
    return reply;
  }
  uint32_t word(uint32_t region, uint64_t offset) {
    return first_of<uint32_t>(read(region, offset, 4).payload);
  }
  Reply write(uint32_t region, uint64_t offset, const Bytes& data) {
    return ask(
        Command::kRegionWrite,
        join(bytes_of(vfio_user::RegionAccess{offset, region, static_cast<uint32_t>(data.size())}),
             data));
  }
  Reply set_irqs(uint32_t flags, uint32_t index, uint32_t count, int fd = -1,
                 const Bytes& data = {}) {
    vfio_irq_set set{};
    set.argsz = sizeof(set);
    set.flags = flags;
    set.index = index;
    set.count = count;
    VfioUserSession::Descriptors given;
    if (fd >= 0) given.emplace_back(::dup(fd));
    return ask(Command::kDeviceSetIrqs, join(bytes_of(set), data), std::move(given));
  }
  static uint64_t count_of(const FileDescriptor& event) {
    uint64_t count = 0;
    return ::read(event.get(), &count, sizeof(count)) == sizeof(count) ? count : 0;
  }

  CardModel card_{spec::kConfigTiny};
  VfioUserSession session_{card_};
};

constexpr uint32_t kBar0 = VFIO_PCI_BAR0_REGION_INDEX, kBar2 = VFIO_PCI_BAR2_REGION_INDEX,
                   kConfig = VFIO_PCI_CONFIG_REGION_INDEX, kMsi = VFIO_PCI_MSI_IRQ_INDEX;

TEST_F(VfioUser, AgreesOnTheLowerVersionAndOnWhatTheClientNamed) {
  const Reply reply =
      ask(Command::kVersion,
          version(R"({"capabilities":{"max_msg_fds":1,"max_data_xfer_size":4096,"migration":{}}})",
                  0, 9));
  ASSERT_EQ(reply.error, 0);
  const auto agreed = first_of<vfio_user::Version>(reply.payload);
  EXPECT_EQ(agreed.major, 0);
  EXPECT_EQ(agreed.minor, 1);
  ASSERT_EQ(reply.payload.back(), 0);
  const auto json = nlohmann::json::parse(reply.payload.begin() + 4, reply.payload.end() - 1);
  EXPECT_EQ(json, nlohmann::json::parse(
                      R"({"capabilities":{"max_msg_fds":8,"max_data_xfer_size":1048576}})"));
  EXPECT_FALSE(session_.hopeless());
  EXPECT_EQ(ask(Command::kVersion, version("")).error, EINVAL) << "only once";
}

TEST_F(VfioUser, GivesUpAClientThatDoesNotBeginWithAVersionItKnows) {
  const struct {
    Command command;
    Bytes payload;
  } cases[] = {{Command::kVersion, version("", 1)},
               {Command::kVersion, {0, 0, 1}},
               {Command::kVersion, version("{")},
               {Command::kVersion, version("[]")},
               {Command::kVersion, version(R"({"capabilities":3})")},
               {Command::kVersion, join(version(""), {'{', '}'})},
               {Command::kDeviceReset, {}}};
  for (const auto& [command, payload] : cases) {
    CardModel card(spec::kConfigTiny);
    VfioUserSession session(card);
    VfioUserSession::Descriptors none;
    const Bytes reply = session.handle(message(command, payload), none);
    EXPECT_EQ(first_of<Header>(reply).error, static_cast<uint32_t>(EINVAL));
    EXPECT_TRUE(session.hopeless());
  }
}

TEST_F(VfioUser, GivesUpAStreamWithoutMessageBounds) {
  for (const uint32_t size : {0u, 15u, 2u << 20, ~0u}) {
    VfioUserSession session(card_);
    Header header{1, Command::kVersion, size, 0, 0};
    EXPECT_EQ(session.message_size(bytes_of(header)), 0u);
    EXPECT_TRUE(session.hopeless()) << size;
  }
  Header reply{1, Command::kVersion, 16, vfio_user::kTypeReply, 0};
  EXPECT_EQ(session_.message_size(Bytes(15)), 0u);
  EXPECT_FALSE(session_.hopeless());
  EXPECT_EQ(session_.message_size(bytes_of(reply)), 0u);
  EXPECT_TRUE(session_.hopeless()) << "nothing was asked of the client";
}

TEST_F(VfioUser, DescribesAPciFunctionWithTwoBarsAndOneMsi) {
  negotiate();
  const auto info = first_of<vfio_user::DeviceInfo>(
      ask(Command::kDeviceGetInfo, bytes_of(vfio_user::DeviceInfo{.argsz = 16})).payload);
  EXPECT_EQ(info.flags, uint32_t{VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET});
  EXPECT_EQ(info.num_regions, uint32_t{VFIO_PCI_NUM_REGIONS});
  for (uint32_t index = 0; index < VFIO_PCI_NUM_REGIONS; ++index) {
    vfio_region_info request{};
    request.argsz = sizeof(request);
    request.index = index;
    const auto region =
        first_of<vfio_region_info>(ask(Command::kDeviceGetRegionInfo, bytes_of(request)).payload);
    const uint64_t size = index == kBar0     ? 0x10000u
                          : index == kBar2   ? 0x100000u
                          : index == kConfig ? 256u
                                             : 0u;
    EXPECT_EQ(region.size, size) << index;
    EXPECT_EQ(region.flags, size > 0 ? 3u : 0u) << index;
  }
  for (uint32_t index = 0; index < VFIO_PCI_NUM_IRQS; ++index) {
    vfio_irq_info request{};
    request.argsz = sizeof(request);
    request.index = index;
    EXPECT_EQ(
        first_of<vfio_irq_info>(ask(Command::kDeviceGetIrqInfo, bytes_of(request)).payload).count,
        index == kMsi ? 1u : 0u);
  }
}

TEST_F(VfioUser, RefusesWrongCommandsAndStaysUsable) {
  negotiate();
  vfio_region_info region{};
  region.argsz = sizeof(region);
  region.index = VFIO_PCI_NUM_REGIONS;
  vfio_irq_info irq{};
  irq.argsz = sizeof(irq) - 1;
  const struct {
    Command command;
    Bytes payload;
    int error;
  } cases[] = {{Command::kDeviceGetInfo, {}, EINVAL},
               {Command::kDeviceGetInfo, bytes_of(vfio_user::DeviceInfo{.argsz = 15}), EINVAL},
               {Command::kDeviceGetRegionInfo, bytes_of(region), EINVAL},
               {Command::kDeviceGetIrqInfo, bytes_of(irq), EINVAL},
               {Command::kRegionRead, {1, 2, 3}, EINVAL},
               {Command::kDeviceSetIrqs, {1}, EINVAL},
               {Command::kDmaMap, {}, EINVAL},
               {static_cast<Command>(6), {}, ENOTSUP},
               {static_cast<Command>(11), {}, ENOTSUP},
               {static_cast<Command>(0xFFFF), {}, ENOTSUP}};
  for (const auto& [command, payload, error] : cases)
    EXPECT_EQ(ask(command, payload).error, error) << static_cast<int>(command);
  for (const auto& [index, offset, count] : {std::tuple{kBar0, uint64_t{0xFFFD}, 4u},
                                             {kBar0, ~uint64_t{0}, 4u},
                                             {1u, uint64_t{0}, 4u},
                                             {kConfig, uint64_t{256}, 1u},
                                             {kBar2, uint64_t{4}, 0x100000u},
                                             {99u, uint64_t{0}, 4u}}) {
    EXPECT_EQ(read(index, offset, count).error, EINVAL) << index << " " << offset << " " << count;
    EXPECT_EQ(write(index, offset, Bytes(count)).error, EINVAL) << index << " " << offset;
  }
  Bytes short_write = bytes_of(vfio_user::RegionAccess{card::kRegToken, kBar0, 8});
  short_write.resize(short_write.size() + 4);
  EXPECT_EQ(ask(Command::kRegionWrite, short_write).error, EINVAL);
  EXPECT_FALSE(session_.hopeless());
  EXPECT_EQ(word(kBar0, spec::kRegMagic), spec::kMagicValue);
}

TEST_F(VfioUser, ReadsAndWritesRegions) {
  negotiate();
  EXPECT_EQ(write(kBar0, card::kRegToken, bytes_of(uint32_t{0xABCD1234})).error, 0);
  EXPECT_EQ(word(kBar0, card::kRegToken), 0xABCD1234u);
  EXPECT_EQ(word(kBar0, card::kRegToken + 1), ~0u);
  EXPECT_EQ(word(kBar0, card::kRegCardError), card::kCardErrorAccessMask);
  EXPECT_EQ(write(kBar2, 8, Bytes(4096, 0x11)).error, 0);
  const Bytes silent = message(
      Command::kRegionWrite,
      join(bytes_of(vfio_user::RegionAccess{card::kRegToken, kBar0, 4}), bytes_of(uint32_t{5})),
      vfio_user::kNoReply);
  VfioUserSession::Descriptors none;
  EXPECT_TRUE(session_.handle(silent, none).empty());
  EXPECT_EQ(word(kBar0, card::kRegToken), 5u);
}

TEST_F(VfioUser, HasTheConfigurationSpaceOfATypeZeroFunctionWithMsi) {
  negotiate();
  EXPECT_EQ(word(kConfig, 0), 0xC1C11234u);
  EXPECT_EQ(word(kConfig, PCI_CLASS_REVISION), 0x12000000u);
  for (const auto& [bar, size] : {std::pair{PCI_BASE_ADDRESS_0, 0x10000u},
                                  {PCI_BASE_ADDRESS_2, 0x100000u},
                                  {PCI_BASE_ADDRESS_1, 0u},
                                  {PCI_ROM_ADDRESS, 0u}}) {
    write(kConfig, static_cast<uint64_t>(bar), bytes_of(~uint32_t{0}));
    EXPECT_EQ(word(kConfig, static_cast<uint64_t>(bar)), size == 0 ? 0 : ~(size - 1));
  }
  write(kConfig, PCI_VENDOR_ID, {0, 0});
  EXPECT_EQ(word(kConfig, 0), 0xC1C11234u);
  write(kConfig, PCI_COMMAND, {0xFF});
  EXPECT_EQ(read(kConfig, PCI_COMMAND, 2).payload, (Bytes{0x06, 0}));
  EXPECT_EQ(word(kConfig, PCI_STATUS) & PCI_STATUS_CAP_LIST, uint32_t{PCI_STATUS_CAP_LIST});
  const uint64_t msi = read(kConfig, PCI_CAPABILITY_LIST, 1).payload.at(0);
  EXPECT_EQ(read(kConfig, msi, 2).payload, (Bytes{PCI_CAP_ID_MSI, 0}));
  write(kConfig, msi + PCI_MSI_ADDRESS_LO, bytes_of(0xFEE00003u));
  EXPECT_EQ(word(kConfig, msi + PCI_MSI_ADDRESS_LO), 0xFEE00000u);
  EXPECT_EQ(ask(Command::kDeviceReset).error, 0);
  EXPECT_EQ(read(kConfig, PCI_COMMAND, 2).payload, (Bytes{0, 0}));
}

TEST_F(VfioUser, SignalsAnEventfdAtEachRisingEdgeUntilItIsTakenBack) {
  negotiate();
  constexpr uint32_t kAssign = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
  const FileDescriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  EXPECT_EQ(set_irqs(kAssign, kMsi, 1, event.get()).error, 0);
  write(kBar0, card::kRegIrqEnable, bytes_of(uint32_t{card::kIrqEnableResponseMask}));
  card_.send(Bytes(8));
  EXPECT_EQ(count_of(event), 1u);
  card_.send(Bytes(8));
  EXPECT_EQ(count_of(event), 0u) << "the level did not fall";
  write(kBar0, card::kRegResponseHead, bytes_of(uint32_t{4}));
  card_.send(Bytes(4));
  EXPECT_EQ(count_of(event), 1u);
  const uint32_t fire = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER;
  EXPECT_EQ(set_irqs(fire, kMsi, 1).error, 0);
  EXPECT_EQ(count_of(event), 1u);
  const uint32_t choose = VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER;
  EXPECT_EQ(set_irqs(choose, kMsi, 1, -1, {0}).error, 0);
  EXPECT_EQ(count_of(event), 0u);
  EXPECT_EQ(set_irqs(choose, kMsi, 1, -1, {1}).error, 0);
  EXPECT_EQ(count_of(event), 1u);
  EXPECT_EQ(set_irqs(fire, VFIO_PCI_INTX_IRQ_INDEX, 0).error, 0);
  EXPECT_EQ(set_irqs(fire, kMsi, 1).error, 0);
  EXPECT_EQ(count_of(event), 1u) << "another interrupt was taken back";
  EXPECT_EQ(set_irqs(kAssign, kMsi, 1).error, 0);
  EXPECT_EQ(set_irqs(fire, kMsi, 1).error, 0);
  EXPECT_EQ(count_of(event), 0u);
  EXPECT_EQ(set_irqs(kAssign, kMsi, 2, event.get()).error, EINVAL);
  EXPECT_EQ(set_irqs(kAssign, VFIO_PCI_INTX_IRQ_INDEX, 1, event.get()).error, EINVAL);
  EXPECT_EQ(set_irqs(kAssign | VFIO_IRQ_SET_DATA_BOOL, kMsi, 1, event.get()).error, EINVAL);
  EXPECT_EQ(set_irqs(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK, kMsi, 1).error, EINVAL);
}

TEST_F(VfioUser, AcceptsDmaRegionsThatDoNotOverlap) {
  negotiate();
  const auto map = [&](uint64_t address, uint64_t size) {
    return ask(Command::kDmaMap, bytes_of(vfio_user::DmaMap{32, 3, 0, address, size})).error;
  };
  const auto unmap = [&](uint64_t address, uint64_t size) {
    return ask(Command::kDmaUnmap, bytes_of(vfio_user::DmaUnmap{24, 0, address, size})).error;
  };
  EXPECT_EQ(map(0x2000, 0x1000), 0);
  EXPECT_EQ(map(0x3000, 0x1000), 0);
  EXPECT_EQ(map(0x1000, 0x1000), 0);
  for (const auto& [address, size] :
       {std::pair{uint64_t{0x2000}, uint64_t{1}}, {0x2FFF, 1}, {0, 0x1001}, {0, 0x10000}})
    EXPECT_EQ(map(address, size), EEXIST) << address;
  EXPECT_EQ(map(~uint64_t{0}, 2), EINVAL);
  EXPECT_EQ(map(0, 0), EINVAL);
  EXPECT_EQ(unmap(0x2000, 0x800), ENOENT);
  EXPECT_EQ(unmap(0x2000, 0x1000), 0);
  EXPECT_EQ(unmap(0x2000, 0x1000), ENOENT);
  EXPECT_EQ(map(0x2000, 0x1000), 0);
}

TEST_F(VfioUser, SurvivesRandomMessages) {
  negotiate();
  constexpr uint32_t kSeed = 20'261'126;
  std::mt19937 random(kSeed);
  for (int i = 0; i < 20'000; ++i) {
    Bytes payload(random() % 64);
    for (uint8_t& byte : payload) byte = static_cast<uint8_t>(random() % 8 == 0 ? random() : 0);
    const auto command = static_cast<Command>(random() % 18);
    VfioUserSession::Descriptors none;
    const Bytes request = message(command, payload, random() % 2 == 0 ? 0 : vfio_user::kNoReply);
    ASSERT_EQ(session_.message_size(request), request.size());
    static_cast<void>(session_.handle(request, none));
    ASSERT_FALSE(session_.hopeless()) << "seed " << kSeed << ", message " << i;
  }
  EXPECT_EQ(word(kBar0, spec::kRegMagic), spec::kMagicValue);
}

}  // namespace
}  // namespace crucible::sim
