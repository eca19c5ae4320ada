#include "host/link/address.hpp"

#include <gtest/gtest.h>

#include <string>

#include "models/error.hpp"

namespace crucible::link {
namespace {

TEST(Address, ReadsEveryScheme) {
  const Address uart = parse_address("uart:/dev/ttyUSB1?baud=3000000");
  EXPECT_EQ(uart.scheme, Scheme::kUart);
  EXPECT_EQ(uart.path, "/dev/ttyUSB1");
  EXPECT_EQ(uart.baud, 3'000'000u);
  EXPECT_EQ(parse_address("uart:/dev/ttyS0").baud, 3'000'000u);
  EXPECT_EQ(parse_address("uart:/dev/ttyS0?baud=123457").baud, 123'457u);

  const Address tcp = parse_address("tcp:127.0.0.1:5555");
  EXPECT_EQ(tcp.scheme, Scheme::kTcp);
  EXPECT_EQ(tcp.host, "127.0.0.1");
  EXPECT_EQ(tcp.port, 5555);
  EXPECT_EQ(parse_address("tcp:[::1]:80").host, "::1");

  const Address local = parse_address("unix:/tmp/x?y:z");
  EXPECT_EQ(local.scheme, Scheme::kUnix);
  EXPECT_EQ(local.path, "/tmp/x?y:z");

  EXPECT_EQ(parse_address("vfio-user:/tmp/card").scheme, Scheme::kVfioUser);
  EXPECT_EQ(parse_address("vfio-user:/tmp/card").path, "/tmp/card");
  EXPECT_EQ(parse_address("pcie:0000:03:00.0").scheme, Scheme::kPcie);
  EXPECT_EQ(parse_address("pcie:10000:e1:1f.7").path, "10000:e1:1f.7");
  EXPECT_EQ(parse_address("vfio:0000:03:00.0").scheme, Scheme::kVfio);
  EXPECT_EQ(parse_address("xdma:/dev/xdma0").path, "/dev/xdma0");
}

struct BadAddress {
  const char* text;
  const char* advice;  ///< part of the message
};

class BadAddresses : public testing::TestWithParam<BadAddress> {};

TEST_P(BadAddresses, AreRefusedWithWhatToWriteInstead) {
  try {
    static_cast<void>(parse_address(GetParam().text));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    const std::string message = error.what();
    EXPECT_NE(message.find("'" + std::string(GetParam().text) + "'"), std::string::npos) << message;
    EXPECT_NE(message.find(GetParam().advice), std::string::npos) << message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadAddresses,
    testing::Values(BadAddress{"", "write model"}, BadAddress{"usb:1", "unknown scheme 'usb'"},
                    BadAddress{"/dev/ttyUSB1", "uart:/dev/ttyUSB1"},
                    BadAddress{"tcp:127.0.0.1", "no port; write tcp:127.0.0.1:5555"},
                    BadAddress{"tcp:", "no port"}, BadAddress{"tcp::5555", "no host"},
                    BadAddress{"tcp:host:", "port ''"}, BadAddress{"tcp:host:0", "1 to 65535"},
                    BadAddress{"tcp:host:65536", "1 to 65535"},
                    BadAddress{"tcp:host:5x", "port '5x'"}, BadAddress{"tcp:::1:5555", "brackets"},
                    BadAddress{"tcp:[::1]", "no port"}, BadAddress{"unix:", "no path"},
                    BadAddress{"vfio-user:", "no path"}, BadAddress{"xdma:", "xdma:/dev/xdma0"},
                    BadAddress{"pcie:", "write pcie:0000:03:00.0"},
                    BadAddress{"pcie:03:00.0", "domain:bus:device.function"},
                    BadAddress{"pcie:0000:03:00:0", "lspci -D"},
                    BadAddress{"vfio:0000:0G:00.0", "write vfio:0000:03:00.0"},
                    BadAddress{"uart:", "no device file"},
                    BadAddress{"uart:/dev/x?bauds=1", "unknown option 'bauds=1'"},
                    BadAddress{"uart:/dev/x?baud=", "baud rate ''"},
                    BadAddress{"uart:/dev/x?baud=fast", "baud=3000000"},
                    BadAddress{"uart:/dev/x?baud=49", "from 50"},
                    BadAddress{"uart:/dev/x?baud=-1", "from 50"},
                    BadAddress{"uart:/dev/x?baud=99999999999", "from 50"}));

}  // namespace
}  // namespace crucible::link
