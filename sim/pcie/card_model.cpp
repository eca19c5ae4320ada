#include "sim/pcie/card_model.hpp"

#include <algorithm>
#include <cstring>

#include "models/device/identity_registers.hpp"

namespace crucible::sim {

namespace card = spec::card;

namespace {

constexpr size_t kWord = sizeof(uint32_t);
constexpr uint32_t kNowhere = ~uint32_t{0};
constexpr uint32_t kDeviceBytes = 0x1000;  // of BAR0, from its begin, as cim_card decodes them

}  // namespace

CardModel::CardModel(const spec::HardwareConfig& config) : config_(config) {}

void CardModel::read(int bar, uint64_t offset, std::span<uint8_t> bytes) {
  if (!made_of_words(offset, bytes.size())) {
    std::fill(bytes.begin(), bytes.end(), uint8_t{0xFF});
    error_ |= card::kCardErrorAccessMask;
    return;
  }
  std::vector<uint32_t> words(bytes.size() / kWord);
  for (std::span<uint32_t> rest = words; !rest.empty();) {
    const auto part = rest.first(at_once(bar, offset, rest.size()));
    if (!read_part(bar, offset, part)) {
      std::fill(part.begin(), part.end(), kNowhere);
      error_ |= card::kCardErrorAccessMask;
    }
    offset += part.size_bytes();
    rest = rest.subspan(part.size());
  }
  std::memcpy(bytes.data(), words.data(), bytes.size());
}

void CardModel::write(int bar, uint64_t offset, std::span<const uint8_t> bytes) {
  if (!made_of_words(offset, bytes.size())) {
    error_ |= card::kCardErrorAccessMask;
    return;
  }
  std::vector<uint32_t> words(bytes.size() / kWord);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  for (std::span<const uint32_t> rest = words; !rest.empty();) {
    const auto part = rest.first(at_once(bar, offset, rest.size()));
    if (!write_part(bar, offset, part)) error_ |= card::kCardErrorAccessMask;
    offset += part.size_bytes();
    rest = rest.subspan(part.size());
  }
  update_interrupt();
}

std::optional<uint32_t> CardModel::on_bus(int bar, uint64_t offset) const {
  if (bus_ == nullptr) return std::nullopt;
  if (bar == 0 && offset < kDeviceBytes) return static_cast<uint32_t>(offset);
  const uint64_t at = offset - card::kBoardMemory;
  if (bar == 2 && offset >= card::kBoardMemory && at < card::kBoardMemoryBytes)
    return spec::kWindowMemory + static_cast<uint32_t>(at);
  return std::nullopt;
}

size_t CardModel::at_once(int bar, uint64_t offset, size_t count) const {
  if (bar != 2 || !on_bus(bar, offset)) return 1;
  const uint64_t at = (offset - card::kBoardMemory) / kWord;
  const uint64_t words = std::min<uint64_t>(config_.memory_bytes, card::kBoardMemoryBytes) / kWord;
  return at < words ? std::min<uint64_t>(count, words - at) : 1;
}

bool CardModel::read_part(int bar, uint64_t offset, std::span<uint32_t> words) {
  if (const auto address = on_bus(bar, offset))
    return bus_->read(*address, words).status == spec::Status::kOk;
  const std::optional<uint32_t> word = read_word(bar, offset);
  if (word) words[0] = *word;
  return word.has_value();
}

bool CardModel::write_part(int bar, uint64_t offset, std::span<const uint32_t> words) {
  if (const auto address = on_bus(bar, offset))
    return bus_->write(*address, words, kWord).status == spec::Status::kOk;
  return write_word(bar, offset, words[0]);
}

std::optional<uint32_t> CardModel::read_word(int bar, uint64_t offset) {
  if (bar == 0 && offset <= card::kRegCardError)
    return read_register(static_cast<uint32_t>(offset));
  const uint64_t at = offset - card::kResponseRing;
  if (bar == 2 && offset >= card::kResponseRing && at < kWord * kRingWords)
    return response_.words[at / kWord];
  return std::nullopt;
}

bool CardModel::write_word(int bar, uint64_t offset, uint32_t word) {
  if (bar == 0 && offset <= card::kRegCardError)
    return write_register(static_cast<uint32_t>(offset), word);
  const uint64_t at = offset - card::kRequestRing;
  if (bar != 2 || at >= kWord * kRingWords) return false;
  request_.words[at / kWord] = word;
  return true;
}

std::optional<uint32_t> CardModel::read_register(uint32_t offset) const {
  switch (offset) {
    case card::kRegCardId:
      return card::kCardIdReset;
    case card::kRegCardVersion:
      return card::kCardVersionReset;
    case card::kRegRingWords:
      return kRingLog2 << card::kRingWordsRequestLsb | kRingLog2 << card::kRingWordsResponseLsb;
    case card::kRegToken:
      return token_;
    case card::kRegRequestTail:
      return request_.tail;
    case card::kRegRequestHead:
      return request_.head;
    case card::kRegResponseTail:
      return response_.tail;
    case card::kRegResponseHead:
      return response_.head;
    case card::kRegIrqEnable:
      return irq_enable_;
    case card::kRegIrqStatus:
      return pending();
    case card::kRegCardError:
      return error_;
    default:
      return bus_ == nullptr ? models::identity_register(config_, offset) : std::nullopt;
  }
}

bool CardModel::write_register(uint32_t offset, uint32_t word) {
  switch (offset) {
    case card::kRegToken:
      token_ = word;
      break;
    case card::kRegRequestTail:
      advance(request_.tail, word, request_.room());
      break;
    case card::kRegResponseHead:
      advance(response_.head, word, response_.used());
      fill_response();
      break;
    case card::kRegIrqEnable:
      irq_enable_ = word & (card::kIrqEnableResponseMask | card::kIrqEnableAttentionMask);
      break;
    case card::kRegCardCtrl:
      if ((word & card::kCardCtrlResetMask) != 0) reset_rings();
      break;
    case card::kRegCardError:
      error_ &= ~word;
      break;
    default:
      return false;
  }
  return true;
}

void CardModel::advance(uint32_t& counter, uint32_t value, uint32_t most) {
  if (value - counter <= most)
    counter = value;
  else
    error_ |= card::kCardErrorCounterMask;
}

void CardModel::reset_rings() {
  request_.head = request_.tail = response_.head = response_.tail = 0;
  waiting_.clear();
  token_ = card::kTokenReset;
  ++generation_;
}

void CardModel::reset() {
  reset_rings();
  irq_enable_ = card::kIrqEnableReset;
  error_ = card::kCardErrorReset;
  update_interrupt();
}

std::vector<uint8_t> CardModel::take(size_t limit) {
  const uint32_t count = std::min(static_cast<uint32_t>(limit / kWord), request_.used());
  std::vector<uint8_t> bytes(count * kWord);
  for (uint32_t i = 0; i < count; ++i)
    std::memcpy(bytes.data() + i * kWord, &request_.at(request_.head + i), kWord);
  request_.head += count;
  return bytes;
}

void CardModel::send(std::span<const uint8_t> bytes) {
  for (size_t i = 0; i + kWord <= bytes.size(); i += kWord) {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data() + i, kWord);
    waiting_.push_back(word);
  }
  fill_response();
  update_interrupt();
}

void CardModel::fill_response() {
  for (; !waiting_.empty() && response_.room() > 0; waiting_.pop_front())
    response_.at(response_.tail++) = waiting_.front();
}

uint32_t CardModel::pending() const {
  return (response_.used() > 0 ? card::kIrqStatusResponseMask : 0) |
         (bus_ != nullptr && bus_->attention() ? card::kIrqStatusAttentionMask : 0);
}

void CardModel::update_interrupt() {
  const bool level = (pending() & irq_enable_) != 0;
  if (level == level_) return;
  level_ = level;
  if (handler_) handler_(level);
}

}  // namespace crucible::sim
