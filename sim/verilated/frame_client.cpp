#include "sim/verilated/frame_client.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "models/error.hpp"

namespace crucible::sim {
namespace {

void require_ok(const Response& response, const char* what, uint32_t address) {
  if (response.status == spec::Status::kOk) return;
  throw Error(ErrorKind::kDevice, fmt::format("{} at 0x{:08x}: {} (detail 0x{:08x})", what, address,
                                              spec::status_name(response.status), response.detail));
}

}  // namespace

uint32_t crc_of_words(std::span<const uint32_t> words) {
  std::vector<uint8_t> bytes;
  bytes.reserve(words.size() * sizeof(uint32_t));
  for (const uint32_t word : words) {
    for (int shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<uint8_t>(word >> shift));
  }
  return static_cast<uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

std::vector<uint32_t> encode(const Request& request) {
  std::vector<uint32_t> words{spec::kPreamble, request.op | (uint32_t{request.length} << 16),
                              request.sequence | (uint32_t{request.session} << 16),
                              request.address};
  words.push_back(crc_of_words({words.data() + 1, 3}));
  if (!request.payload.empty()) {
    words.insert(words.end(), request.payload.begin(), request.payload.end());
    words.push_back(crc_of_words(request.payload));
  }
  return words;
}

std::optional<Response> decode(std::deque<uint32_t>& words) {
  if (words.size() < spec::kHeaderWords) return std::nullopt;
  const std::vector<uint32_t> header(words.begin(), words.begin() + spec::kHeaderWords);
  if (header[0] != spec::kPreamble || header[4] != crc_of_words({header.data() + 1, 3})) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("the device sent a damaged header: {:08x} {:08x} {:08x} {:08x} {:08x}",
                            header[0], header[1], header[2], header[3], header[4]));
  }
  const size_t length = header[1] >> 16;
  const size_t total = spec::kHeaderWords + (length > 0 ? length + 1 : 0);
  if (words.size() < total) return std::nullopt;
  Response response;
  response.op = static_cast<uint8_t>(header[1]);
  response.status = static_cast<spec::Status>((header[1] >> 8) & 0xff & ~spec::kErrorFlag);
  response.error_flag = ((header[1] >> 8) & spec::kErrorFlag) != 0;
  response.sequence = static_cast<uint16_t>(header[2]);
  response.session = static_cast<uint16_t>(header[2] >> 16);
  response.detail = header[3];
  if (length > 0) {
    response.payload.assign(words.begin() + spec::kHeaderWords,
                            words.begin() + static_cast<std::ptrdiff_t>(total) - 1);
    if (words[total - 1] != crc_of_words(response.payload)) {
      throw Error(ErrorKind::kMismatch, "the device sent a payload with a wrong CRC");
    }
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(total));
  return response;
}

void FrameClient::send(std::span<const uint32_t> words) {
  sent_at_ = port_.top().outputs().cycle;
  port_.push(words);
}

Request FrameClient::next(spec::Op op, uint32_t address, uint16_t length) {
  Request request;
  request.op = static_cast<uint8_t>(op);
  request.length = length;
  request.sequence = sequence_++;
  request.session = session_;
  request.address = address;
  return request;
}

std::optional<Response> FrameClient::receive(uint64_t cycles) {
  for (uint64_t cycle = 0; cycle < cycles; ++cycle) {
    if (!port_.received().empty()) {
      if (auto response = decode(port_.received())) return response;
    }
    if (cycle > 0 && port_.quiet()) break;
    port_.clock();
  }
  return std::nullopt;
}

Response FrameClient::transact(const Request& request, uint64_t cycles) {
  send(encode(request));
  port_.clock();
  if (auto response = receive(cycles)) return *response;
  throw Error(ErrorKind::kTimeout,
              fmt::format("no response to op 0x{:02x} at 0x{:08x}, sequence {}, within {} cycles",
                          request.op, request.address, request.sequence, cycles));
}

Response FrameClient::sync(uint16_t session, uint16_t sequence) {
  session_ = session;
  sequence_ = sequence;
  return transact(next(spec::Op::kSync, 0, 0));
}

Response FrameClient::read(uint32_t address, uint16_t words) {
  return transact(next(spec::Op::kRead, address, words));
}

Response FrameClient::write(uint32_t address, std::span<const uint32_t> words) {
  Request request = next(spec::Op::kWrite, address, static_cast<uint16_t>(words.size()));
  request.payload.assign(words.begin(), words.end());
  return transact(request);
}

Response FrameClient::write_fixed(uint32_t address, std::span<const uint32_t> words) {
  Request request = next(spec::Op::kWriteFixed, address, static_cast<uint16_t>(words.size()));
  request.payload.assign(words.begin(), words.end());
  return transact(request);
}

Response FrameClient::wait_idle(uint32_t cycles) {
  return transact(next(spec::Op::kWaitIdle, cycles, 0), uint64_t{cycles} + kPatience);
}

std::vector<uint32_t> FrameClient::get(uint32_t address, size_t words) {
  std::vector<uint32_t> result;
  while (result.size() < words) {
    const size_t part = std::min<size_t>(words - result.size(),
                                         static_cast<size_t>(port_.top().config().max_payload));
    const uint32_t from = address + static_cast<uint32_t>(result.size() * sizeof(uint32_t));
    const Response response = read(from, static_cast<uint16_t>(part));
    require_ok(response, "read", from);
    if (response.payload.size() != part) {
      throw Error(ErrorKind::kMismatch,
                  fmt::format("read at 0x{:08x}: {} words came, {} were asked for", from,
                              response.payload.size(), part));
    }
    result.insert(result.end(), response.payload.begin(), response.payload.end());
  }
  return result;
}

void FrameClient::put(uint32_t address, std::span<const uint32_t> words) {
  const auto limit = static_cast<size_t>(port_.top().config().max_payload);
  for (size_t done = 0; done < words.size(); done += limit) {
    const uint32_t to = address + static_cast<uint32_t>(done * sizeof(uint32_t));
    require_ok(write(to, words.subspan(done, std::min(limit, words.size() - done))), "write", to);
  }
}

void FrameClient::poke(std::span<const uint32_t> words) {
  require_ok(write_fixed(spec::kRegCellPoke, words), "write_fixed", spec::kRegCellPoke);
}

void FrameClient::wait(uint32_t cycles) { require_ok(wait_idle(cycles), "wait_idle", cycles); }

}  // namespace crucible::sim
