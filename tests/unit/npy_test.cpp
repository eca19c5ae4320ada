#include "host/experiment/npy.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/error.hpp"
#include "tests/unit/temporary_folder.hpp"

namespace crucible::experiment {
namespace {

class Npy : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    auto file = folder_.path() / "a.npy";
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  /// A version 1.0 file with this header text and data.
  std::filesystem::path write_with_header(const std::string& header, const std::string& data) {
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size());
    bytes += '\0';
    return write(bytes + header + data);
  }
  template <class T>
  std::string error_of(const std::filesystem::path& file, const std::vector<int64_t>& shape = {}) {
    try {
      static_cast<void>(load_npy<T>(file, shape));
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::kData);
      return e.what();
    }
    return "no error";
  }
  tests::TemporaryFolder folder_;
};

TEST_F(Npy, ReadsWhatItWrote) {
  const auto file = folder_.path() / "x.npy";
  const std::vector<int16_t> values{-3, 0, 7, 32767, -32768, 1};
  save_npy<int16_t>(file, {2, 3}, values);
  const Array<int16_t> array = load_npy<int16_t>(file, {2, kAnyLength});
  EXPECT_EQ(array.shape, (std::vector<size_t>{2, 3}));
  EXPECT_EQ(array.values, values);
}

TEST_F(Npy, PadsTheHeaderTo64BytesAsNumPyDoes) {
  const auto file = folder_.path() / "x.npy";
  save_npy<float>(file, {1}, std::vector<float>{1.5F});
  EXPECT_EQ(read_npy_header(file).data_offset % 64, 0U);
  EXPECT_EQ(read_npy_header(file).descr, "<f4");
}

TEST_F(Npy, AcceptsKeysInAnyOrderAndAScalarShape) {
  const auto file =
      write_with_header("{'shape': (), 'descr': '|u1', 'fortran_order': False}", "\x05");
  EXPECT_EQ(load_npy<uint8_t>(file).values, std::vector<uint8_t>{5});
}

TEST_F(Npy, NamesFileAndWhatItExpectedForAWrongMagic) {
  const auto file = write("PK\x03\x04 something that is no array");
  EXPECT_EQ(
      error_of<float>(file),
      file.string() + ": expected a .npy file (first bytes \\x93NUMPY), found something else");
}

TEST_F(Npy, RefusesAnUnknownVersion) {
  EXPECT_NE(
      error_of<float>(write(std::string("\x93NUMPY\x07\x00\x10\x00", 10) + std::string(16, ' ')))
          .find("expected .npy version 1.0, 2.0 or 3.0, found 7.0"),
      std::string::npos);
}

TEST_F(Npy, NamesBothTypes) {
  const auto file = write_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
                                      std::string(8, '\0'));
  EXPECT_NE(error_of<int8_t>(file).find("expected int8, found float64"), std::string::npos);
}

TEST_F(Npy, RefusesBigEndianNumbers) {
  const auto file = write_with_header("{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }",
                                      std::string(4, '\0'));
  EXPECT_NE(error_of<int32_t>(file).find("expected int32, found big-endian int32"),
            std::string::npos);
}

TEST_F(Npy, RefusesFortranOrderAndSaysWhatToDo) {
  const auto file =
      write_with_header("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2), }", "abcd");
  EXPECT_NE(error_of<int8_t>(file).find("np.ascontiguousarray"), std::string::npos);
}

TEST_F(Npy, NamesBothShapes) {
  const auto file =
      write_with_header("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), }", "abcd");
  EXPECT_NE(error_of<int8_t>(file, {kAnyLength, 3}).find("expected shape (any, 3), found (2, 2)"),
            std::string::npos);
  EXPECT_NE(error_of<int8_t>(file, {4}).find("expected shape (4,), found (2, 2)"),
            std::string::npos);
}

TEST_F(Npy, RefusesTruncatedAndOverlongData) {
  const std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
  EXPECT_NE(error_of<int32_t>(write_with_header(header, "1234567"))
                .find("truncated: expected 8 bytes of int32 with shape (2,), found 7"),
            std::string::npos);
  EXPECT_NE(error_of<int32_t>(write_with_header(header, "123456789")).find("too long"),
            std::string::npos);
  EXPECT_NE(error_of<int32_t>(write("\x93NUMPY")).find("6 bytes in all"), std::string::npos);
}

TEST_F(Npy, RefusesHeadersThatAreNoDictionary) {
  for (const std::string header :
       {"{'descr': '|i1', 'shape': (2,)}", "import os",
        "{'descr': '|i1', 'fortran_order': maybe, 'shape': (2,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (2,)}"}) {
    EXPECT_NE(error_of<int8_t>(write_with_header(header, "ab")), "no error") << header;
  }
}

TEST_F(Npy, RefusesAShapeWhoseSizeOverflows) {
  const auto file = write_with_header(
      "{'descr': '|i1', 'fortran_order': False, 'shape': (1099511627776, 1099511627776), }", "");
  EXPECT_NE(error_of<int8_t>(file).find("too large"), std::string::npos);
}

TEST_F(Npy, SaysWhenThereIsNoSuchFile) {
  EXPECT_NE(error_of<int8_t>(folder_.path() / "none.npy").find("none.npy: cannot be read"),
            std::string::npos);
}

}  // namespace
}  // namespace crucible::experiment
