// IDX files: what is accepted, and what each defect's message names.
#include "host/data/idx.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "host/data/dataset.hpp"
#include "models/error.hpp"

namespace crucible {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

Bytes idx(uint32_t magic, const std::vector<uint32_t>& shape, const Bytes& values) {
  Bytes bytes;
  const auto word = [&](uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<uint8_t>(value >> shift));
  };
  word(magic);
  for (const uint32_t size : shape) word(size);
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

class Idx : public ::testing::Test {
 protected:
  fs::path folder = fs::temp_directory_path() / ("crucible_idx_test_" + std::to_string(::getpid()));
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return folder / name;
  }
  fs::path write_gzip(const std::string& name, const Bytes& bytes) const {
    gzFile file = gzopen((folder / name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return folder / name;
  }
  /// The message of loading the file; every part must stand in it.
  static void expect_refusal(const std::function<void()>& load,
                             const std::vector<std::string>& parts) {
    try {
      load();
      FAIL() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kData);
      for (const std::string& part : parts)
        EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
            << part << " in: " << error.what();
    }
  }
  void write_mnist(uint32_t images, uint32_t labels, uint32_t size = 28, uint8_t label = 9) const {
    for (const std::string set : {"train", "t10k"}) {
      write_gzip(set + "-images-idx3-ubyte.gz",
                 idx(0x803, {images, size, size}, Bytes(images * size * size, 7)));
      write(set + "-labels-idx1-ubyte", idx(0x801, {labels}, Bytes(labels, label)));
    }
  }
};

TEST_F(Idx, ReadsPlainAndGzipFilesAlike) {
  const Bytes bytes = idx(0x803, {2, 1, 3}, {1, 2, 3, 4, 5, 6});
  for (const fs::path& file : {write("plain", bytes), write_gzip("packed.gz", bytes)}) {
    const data::IdxArray array = data::load_idx(file, 3);
    EXPECT_EQ(array.shape, (std::vector<int>{2, 1, 3}));
    EXPECT_EQ(array.values, (Bytes{1, 2, 3, 4, 5, 6}));
  }
}

TEST_F(Idx, NamesFileExpectedAndFoundForAWrongMagic) {
  const fs::path file = write("labels", idx(0x801, {1}, {3}));
  expect_refusal([&] { (void)data::load_idx(file, 3); },
                 {file.string(), "0x00000803", "0x00000801"});
}

TEST_F(Idx, SaysHowMuchOfATruncatedFileIsThere) {
  const fs::path file = write("short", idx(0x801, {5}, {1, 2, 3}));
  expect_refusal([&] { (void)data::load_idx(file, 1); },
                 {file.string(), "truncated", "expected 5", "found 3"});
  const fs::path header = write("header", {0, 0, 8});
  expect_refusal([&] { (void)data::load_idx(header, 1); },
                 {header.string(), "truncated", "offset 0"});
}

TEST_F(Idx, RefusesAGzipFileThatIsCutOff) {
  Bytes values(5000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(i * i * 31 >> 3);
  const fs::path file = write_gzip("cut.gz", idx(0x801, {5000}, values));
  fs::resize_file(file, fs::file_size(file) / 2);
  expect_refusal([&] { (void)data::load_idx(file, 1); }, {file.string()});
}

TEST_F(Idx, RefusesBytesAfterTheEndAndImpossibleSizes) {
  const fs::path longer = write("longer", idx(0x801, {2}, {1, 2, 3}));
  expect_refusal([&] { (void)data::load_idx(longer, 1); }, {longer.string(), "offset 10"});
  const fs::path huge = write("huge", idx(0x803, {0xFFFFFFFF, 28, 28}, {}));
  expect_refusal([&] { (void)data::load_idx(huge, 3); }, {huge.string(), "4294967295"});
  const fs::path none = write("none", idx(0x801, {0}, {}));
  expect_refusal([&] { (void)data::load_idx(none, 1); }, {none.string(), "dimension 0"});
}

TEST_F(Idx, SaysThatAFileIsMissing) {
  expect_refusal([&] { (void)data::load_idx(folder / "nowhere", 1); },
                 {(folder / "nowhere").string(), "cannot open"});
}

TEST_F(Idx, LoadsMnistsFourFiles) {
  write_mnist(3, 3);
  const data::Dataset dataset = data::load_mnist(folder);
  EXPECT_EQ(dataset.name, "mnist");
  EXPECT_EQ(dataset.train.count(), 3);
  EXPECT_EQ(dataset.test.images.size(), 3U * 784U);
  EXPECT_EQ(dataset.test.labels, (Bytes{9, 9, 9}));
}

TEST_F(Idx, RefusesCountsSizesAndLabelsThatDoNotFit) {
  write_mnist(3, 2);
  expect_refusal([&] { (void)data::load_mnist(folder); },
                 {"train-labels", "expected 3", "found 2"});
  write_mnist(2, 2, 27);
  expect_refusal([&] { (void)data::load_mnist(folder); }, {"train-images", "28 x 28", "27 x 27"});
  write_mnist(2, 2, 28, 10);
  expect_refusal([&] { (void)data::load_mnist(folder); }, {"train-labels", "label 10", "offset 8"});
  write_mnist(2, 2);
  fs::remove(folder / "t10k-labels-idx1-ubyte");
  expect_refusal([&] { (void)data::load_mnist(folder); }, {"t10k-labels-idx1-ubyte", "missing"});
}

TEST_F(Idx, FindsMnistInTheFolderOrInMnistBelowIt) {
  expect_refusal([&] { (void)data::find_mnist(folder.string()); }, {folder.string()});
  fs::create_directories(folder / "mnist");
  write("mnist/train-images-idx3-ubyte", {});
  EXPECT_EQ(data::find_mnist(folder.string()), folder / "mnist");
  EXPECT_EQ(data::find_mnist((folder / "mnist").string()), folder / "mnist");
}

TEST_F(Idx, PrefersTheFolderThatIsNamedToTheEnvironment) {
  fs::create_directories(folder / "a");
  fs::create_directories(folder / "b");
  write("a/train-images-idx3-ubyte", {});
  write("b/train-images-idx3-ubyte", {});
  ASSERT_EQ(::setenv("CRUCIBLE_DATA", (folder / "a").c_str(), 1), 0);
  EXPECT_EQ(data::find_mnist(""), folder / "a");
  EXPECT_EQ(data::find_mnist((folder / "b").string()), folder / "b");
  ASSERT_EQ(::setenv("CRUCIBLE_DATA", (folder / "c").c_str(), 1), 0);
  expect_refusal([&] { (void)data::find_mnist(""); }, {"CRUCIBLE_DATA", (folder / "c").string()});
  ::unsetenv("CRUCIBLE_DATA");
}

}  // namespace
}  // namespace crucible
