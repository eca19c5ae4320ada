// A recording of a device: its file. See docs/decisions/0013-record-replay.md.
//
// gzip of: one line of JSON (schema crucible.recording/1), then records, little-endian:
// op u8, status u8, zero u16, address u32 (of WAIT_IDLE: clock cycles), detail u32, words u32,
// cycle u64, and the words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::record {

/// One step of a port and its answer.
struct Transaction {
  spec::Op op = spec::Op::kRead;
  uint32_t address = 0;                     ///< of WAIT_IDLE: clock cycles
  std::vector<uint32_t> words;              ///< read, or written
  spec::Status status = spec::Status::kOk;  ///< of a refusal; a refused read has zeros
  uint32_t detail = 0;                      ///< of a refusal
  uint64_t cycle = 0;                       ///< CYCLES of the device afterwards
  friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// "READ 4 words at 0x00000048 (ADC)", with the status of a refusal.
[[nodiscard]] std::string describe(const Transaction& transaction);

struct Header {
  std::string program;  ///< version and commit
  std::string address;  ///< of the device
  uint32_t map_hash = 0, config_hash = 0;
  std::string config = "unknown";
};

/// Throws crucible::Error(kData) naming the file, where it cannot be written.
class Writer {
 public:
  Writer(const std::filesystem::path& path, const Header& header);
  void add(const Transaction& transaction);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  struct File;
  std::unique_ptr<File> file_;
};

/// Throws crucible::Error(kData) naming the file and what is wrong with it.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] const Header& header() const { return header_; }
  /// None at the end.
  [[nodiscard]] std::optional<Transaction> next();
  /// The file ends in mid-record: whoever wrote it was killed.
  [[nodiscard]] bool cut() const { return cut_; }

 private:
  struct File;
  std::unique_ptr<File> file_;
  Header header_;
  bool cut_ = false;
};

}  // namespace crucible::record
