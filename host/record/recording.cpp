#include "host/record/recording.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/port/refused_error.hpp"
#include "models/error.hpp"

namespace crucible::record {
namespace {

constexpr const char* kSchema = "crucible.recording/1";
constexpr size_t kSyncBytes = 64 << 10;
constexpr size_t kMostWords = size_t{1} << 26;  ///< beyond any window
constexpr size_t kMostHeader = 64 << 10;

/// As it lies in the file.
struct Record {
  uint8_t op = 0, status = 0;
  uint16_t zero = 0;
  uint32_t address = 0, detail = 0, words = 0;
  uint64_t cycle = 0;
};
static_assert(sizeof(Record) == 24);

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ErrorKind::kData, fmt::format("recording '{}': {}", path, why));
}

struct Close {
  void operator()(gzFile file) const { gzclose(file); }
};
using Handle = std::unique_ptr<gzFile_s, Close>;

}  // namespace

std::string describe(const Transaction& t) {
  std::string text =
      t.op == spec::Op::kWaitIdle
          ? fmt::format("{} of at most {} cycles", spec::op_name(t.op), t.address)
          : fmt::format("{} of {} word{} at {}", spec::op_name(t.op), t.words.size(),
                        t.words.size() == 1 ? "" : "s", port::describe_address(t.address));
  if (t.words.size() == 1 && t.status == spec::Status::kOk)
    text += fmt::format(": 0x{:08x}", t.words[0]);
  if (t.status != spec::Status::kOk)
    text += fmt::format(": refused, {} (0x{:x})", spec::status_name(t.status), t.detail);
  return text;
}

struct Writer::File {
  std::string path;
  Handle handle;
  size_t pending = 0;  ///< bytes since the last synchronisation

  void put(const void* bytes, size_t size) {
    if (size > 0 && gzwrite(handle.get(), bytes, static_cast<unsigned>(size)) <= 0) fail();
    pending += size;
  }
  [[noreturn]] void fail() const {
    refuse(path, fmt::format("cannot be written: {}; is the disk full?", std::strerror(errno)));
  }
  void sync() {
    if (gzflush(handle.get(), Z_SYNC_FLUSH) != Z_OK) fail();
    pending = 0;
  }
};

Writer::Writer(const std::filesystem::path& path, const Header& header)
    : file_(std::make_unique<File>()) {
  file_->path = path.string();
  file_->handle.reset(gzopen(path.c_str(), "wb6"));
  if (!file_->handle)
    refuse(path.string(),
           fmt::format("cannot be written: {}; choose another file", std::strerror(errno)));
  const std::string line = nlohmann::json{{"schema", kSchema},
                                          {"program", header.program},
                                          {"address", header.address},
                                          {"map_hash", header.map_hash},
                                          {"config_hash", header.config_hash},
                                          {"config", header.config}}
                               .dump() +
                           "\n";
  file_->put(line.data(), line.size());
  file_->sync();
}

Writer::~Writer() = default;

void Writer::add(const Transaction& t) {
  const Record record{static_cast<uint8_t>(t.op),
                      static_cast<uint8_t>(t.status),
                      0,
                      t.address,
                      t.detail,
                      static_cast<uint32_t>(t.words.size()),
                      t.cycle};
  file_->put(&record, sizeof record);
  file_->put(t.words.data(), 4 * t.words.size());
  if (file_->pending >= kSyncBytes || t.status != spec::Status::kOk) file_->sync();
}

struct Reader::File {
  std::string path;
  Handle handle;
  uint64_t records = 0;

  /// Bytes read; a damaged stream ends where the damage is.
  size_t get(void* bytes, size_t size) {
    const int count = gzread(handle.get(), bytes, static_cast<unsigned>(size));
    return count < 0 ? 0 : static_cast<size_t>(count);
  }
};

Reader::Reader(const std::filesystem::path& path) : file_(std::make_unique<File>()) {
  file_->path = path.string();
  file_->handle.reset(gzopen(path.c_str(), "rb"));
  if (!file_->handle) refuse(file_->path, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string line;
  for (char c = 0; file_->get(&c, 1) == 1 && c != '\n';) {
    line += c;
    if (line.size() > kMostHeader) break;
  }
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("schema") || json["schema"] != kSchema)
    refuse(file_->path, fmt::format("it is none: its first line has no schema {}", kSchema));
  try {
    header_ = {json.at("program"), json.at("address"), json.at("map_hash"), json.at("config_hash"),
               json.at("config")};
  } catch (const nlohmann::json::exception& error) {
    refuse(file_->path, fmt::format("its header is damaged: {}", error.what()));
  }
}

Reader::~Reader() = default;

std::optional<Transaction> Reader::next() {
  Record record;
  const size_t size = file_->get(&record, sizeof record);
  if (size != sizeof record) {
    int state = Z_OK;
    gzerror(file_->handle.get(), &state);
    cut_ = size != 0 || state != Z_OK;
    return std::nullopt;
  }
  const auto op = static_cast<spec::Op>(record.op);
  const bool known = op == spec::Op::kRead || op == spec::Op::kWrite ||
                     op == spec::Op::kWriteFixed || op == spec::Op::kWaitIdle;
  if (!known || record.zero != 0 || record.words > kMostWords)
    refuse(file_->path, fmt::format("record {} is damaged (operation {}, {} words)",
                                    file_->records + 1, record.op, record.words));
  Transaction t{op,
                record.address,
                std::vector<uint32_t>(record.words),
                static_cast<spec::Status>(record.status),
                record.detail,
                record.cycle};
  if (file_->get(t.words.data(), 4 * t.words.size()) != 4 * t.words.size()) {
    cut_ = true;
    return std::nullopt;
  }
  ++file_->records;
  return t;
}

}  // namespace crucible::record
