#include "host/data/idx.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "models/error.hpp"

namespace crucible::data {

namespace {

constexpr uint64_t kLargest = uint64_t{1} << 30;  // bytes; far above any data set of this kind

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw Error(ErrorKind::kData, fmt::format("{}: {}", file.string(), what));
}

/// zlib reads plain files as they are.
class Stream {
 public:
  explicit Stream(const std::filesystem::path& file)
      : file_(file), gz_(gzopen(file.c_str(), "rb")) {
    if (gz_ == nullptr) {
      fail(file, fmt::format("cannot open: {}; check the path and its permissions",
                             std::strerror(errno)));
    }
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { gzclose(gz_); }

  /// Reads as much as there is, at most `count` bytes.
  size_t read(uint8_t* to, size_t count) {
    size_t done = 0;
    while (done < count) {
      const int got =
          gzread(gz_, to + done, static_cast<unsigned>(std::min<size_t>(count - done, 1U << 24U)));
      int code = Z_OK;
      const char* message = gzerror(gz_, &code);
      if (got < 0 || (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)) {
        fail(file_, fmt::format("cannot decompress at byte {} of the content: {}; the file is "
                                "damaged, fetch it again "
                                "(make data)",
                                offset_ + done, message));
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    offset_ += done;
    return done;
  }

  uint32_t word(const char* what) {
    std::array<uint8_t, 4> bytes{};
    const uint64_t at = offset_;
    const size_t got = read(bytes.data(), bytes.size());
    if (got != bytes.size()) {
      fail(file_, fmt::format("truncated: {} should be 4 bytes at offset {}, found {}; fetch the "
                              "file again (make data)",
                              what, at, got));
    }
    return uint32_t{bytes[0]} << 24U | uint32_t{bytes[1]} << 16U | uint32_t{bytes[2]} << 8U |
           bytes[3];
  }

 private:
  std::filesystem::path file_;
  gzFile gz_;
  uint64_t offset_ = 0;
};

}  // namespace

IdxArray load_idx(const std::filesystem::path& file, int dimensions) {
  Stream stream(file);
  const uint32_t expected = 0x800U + static_cast<uint32_t>(dimensions);
  const uint32_t magic = stream.word("the magic number");
  if (magic != expected) {
    fail(file, fmt::format("wrong magic number at offset 0: expected 0x{:08x} (IDX, unsigned "
                           "bytes, {} dimension{}), found "
                           "0x{:08x}; this is not the file it is named after",
                           expected, dimensions, dimensions == 1 ? "" : "s", magic));
  }
  IdxArray array;
  uint64_t bytes = 1;
  for (int d = 0; d < dimensions; ++d) {
    const uint32_t size = stream.word("a dimension");
    bytes *= size;
    if (size == 0 || size > kLargest || bytes > kLargest) {
      fail(file, fmt::format("dimension {} at offset {} is {}: expected 1 or more, and at most {} "
                             "bytes in all; the header is "
                             "damaged",
                             d, 4 + 4 * d, size, kLargest));
    }
    array.shape.push_back(static_cast<int>(size));
  }
  array.values.resize(bytes);
  const size_t got = stream.read(array.values.data(), bytes);
  const int header = 4 + 4 * dimensions;
  if (got != bytes) {
    fail(file, fmt::format("truncated: expected {} bytes after the header of {}, found {}; fetch "
                           "the file again (make data)",
                           bytes, header, got));
  }
  uint8_t extra = 0;
  if (stream.read(&extra, 1) != 0) {
    fail(file, fmt::format("longer than its header says: expected the end at offset {}, found "
                           "more; the header or the file is "
                           "damaged",
                           header + bytes));
  }
  return array;
}

}  // namespace crucible::data
