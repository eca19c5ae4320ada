#include "host/driver/identity.hpp"

#include <gtest/gtest.h>

#include "tests/unit/watched_port.hpp"

namespace crucible::driver {
namespace {

TEST(Identity, IsReadFromTheDevice) {
  port::WatchedPort port(spec::kConfigFull);
  const Identity id = read_identity(port);
  EXPECT_EQ(id.magic, spec::kMagicValue);
  EXPECT_EQ(id.geometry, (models::TileGeometry{128, 64, 72}));
  EXPECT_EQ(id.in_words, 4096);
  EXPECT_EQ(id.out_words, 8192);
  EXPECT_EQ(id.kept_responses, 4);
  EXPECT_EQ(id.max_payload, 512);
  EXPECT_EQ(id.cell_bits, 2);
  EXPECT_EQ(id.config_name, "full");
}

TEST(Identity, AnUnknownConfigurationIsCalledSo) {
  port::WatchedPort port(spec::kConfigSmall);
  port.forge(spec::kRegConfigHash, 1);
  EXPECT_EQ(read_identity(port).config_name, "unknown");
}

TEST(Identity, AControllersMemoryMustBeThatOfTheConfiguration) {
  port::WatchedPort port(spec::kConfigSmallSoc);
  EXPECT_EQ(read_identity(port).memory_bytes, 262144);
  port.forge(spec::kRegMemoryInfo, 4096);
  try {
    static_cast<void>(read_identity(port));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("memory_bytes is 4096"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("262144 in configuration 'small_soc'"),
              std::string::npos);
  }
}

struct Forgery {
  const char* name;
  uint32_t address, word;
  std::vector<std::string> sides;  ///< parts of the message
};

class ForgedIdentity : public testing::TestWithParam<Forgery> {};

TEST_P(ForgedIdentity, IsRefusedNamingBothSides) {
  port::WatchedPort port(spec::kConfigSmall);
  port.forge(GetParam().address, GetParam().word);
  try {
    static_cast<void>(read_identity(port));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kDevice);
    for (const std::string& side : GetParam().sides) {
      EXPECT_NE(std::string(error.what()).find(side), std::string::npos)
          << side << " is not in: " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ForgedIdentity,
    testing::Values(
        Forgery{"Magic", spec::kRegMagic, 0xFFFFFFFF, {"0xffffffff", "0x43555243"}},
        Forgery{"Major",
                spec::kRegVersion,
                2u << 8 | 1u << 16,
                {"register map 2.0", "this host " + std::to_string(spec::kMapMajor) + "." +
                                         std::to_string(spec::kMapMinor)}},
        Forgery{"Protocol", spec::kRegVersion, 1u << 8 | 9u << 16, {"protocol 9", "this host"}},
        Forgery{"MapHash",
                spec::kRegMapHash,
                0x1234,
                {"0x00001234", "fingerprint of its register map"}},
        Forgery{"CellBits",
                spec::kRegGeomBanks,
                16 | 8u << 16 | 3u << 20 | 2u << 24 | 8u << 28,
                {"cell_bits is 3", "2 in this host"}},
        Forgery{"Rows",
                spec::kRegGeomArray,
                64 | 16u << 16,
                {"rows is 64", "32 in configuration 'small'"}},
        Forgery{"Columns", spec::kRegGeomArray, 32 | 6u << 16, {"6 columns", "impossible"}},
        Forgery{"Buffers",
                spec::kRegBuffers,
                256 | 512u << 16,
                {"in_words is 256", "512 in configuration 'small'"}},
        Forgery{"Kept",
                spec::kRegLinkInfo,
                8 | 128u << 16,
                {"kept is 8", "4 in configuration 'small'"}},
        Forgery{"Features", spec::kRegFeatures, 0, {"effects is 0", "1 in configuration 'small'"}}),
    [](const auto& forgery) { return forgery.param.name; });

}  // namespace
}  // namespace crucible::driver
