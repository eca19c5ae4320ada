#include "host/link/pcie/ring_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <thread>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::link {

namespace card = spec::card;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// Even with an interrupt the card is looked at so often: it may have gone without a word.
constexpr milliseconds kLookAgain{500};
/// Without one: looks in a row, then pauses that double up to the longest.
constexpr int kEagerLooks = 100;
constexpr microseconds kShortestPause{10};
constexpr microseconds kLongestPause{1000};

std::string register_name(uint32_t offset) {
  switch (offset) {
    case card::kRegToken:
      return "TOKEN";
    case card::kRegRequestTail:
      return "REQUEST_TAIL";
    case card::kRegRequestHead:
      return "REQUEST_HEAD";
    case card::kRegResponseTail:
      return "RESPONSE_TAIL";
    case card::kRegResponseHead:
      return "RESPONSE_HEAD";
    default:
      return "the register";
  }
}

std::string place(uint32_t offset) {
  return fmt::format("{} (BAR0 + 0x{:04x})", register_name(offset), offset);
}

}  // namespace

/// The pauses of a caller that waits for the card.
class RingTransport::Patience {
 public:
  Patience(RingTransport& transport, Clock::time_point deadline)
      : transport_(transport), deadline_(deadline) {}

  [[nodiscard]] bool over() const { return Clock::now() >= deadline_; }

  void poll() {
    if (++looks_ <= kEagerLooks) return;
    std::this_thread::sleep_until(std::min(deadline_, Clock::now() + pause_));
    pause_ = std::min(2 * pause_, kLongestPause);
  }

  void wait_for_response() {
    if (!transport_.card_->has_interrupt()) return poll();
    const auto until = std::min(deadline_, Clock::now() + kLookAgain);
    transport_.card_->wait_interrupt(until);
    if (Clock::now() >= until) transport_.require_token();
  }

 private:
  RingTransport& transport_;
  const Clock::time_point deadline_;
  int looks_ = 0;
  microseconds pause_ = kShortestPause;
};

RingTransport::RingTransport(std::unique_ptr<ICard> card, Clock::time_point deadline)
    : card_(std::move(card)) {
  identify();
  take_over(deadline);
}

void RingTransport::fail(const std::string& reason) const {
  throw Error(ErrorKind::kDevice, fmt::format("{}: {}", describe(), reason));
}

uint32_t RingTransport::get(uint32_t offset) {
  const uint32_t word = card_->read(offset);
  if (word == kAllOnes && card_->read(spec::kRegMagic) != spec::kMagicValue) {
    fail(
        fmt::format("{} and MAGIC read all ones: the card has gone away; is it still powered, is "
                    "its program still running?",
                    place(offset)));
  }
  return word;
}

void RingTransport::identify() {
  const uint32_t magic = card_->read(spec::kRegMagic);
  if (magic != spec::kMagicValue) {
    fail(fmt::format("MAGIC (BAR0 + 0x0000) is 0x{:08x} instead of 0x{:08x}; {}", magic,
                     spec::kMagicValue,
                     magic == kAllOnes ? "is the card powered, and its memory space enabled?"
                                       : "this is no Crucible card"));
  }
  const uint32_t id = card_->read(card::kRegCardId);
  if (id != card::kCardIdReset) {
    fail(
        fmt::format("CARD_ID (BAR0 + 0x{:04x}) is 0x{:08x} instead of 0x{:08x}; the card's "
                    "hardware has no rings: build it with its PCIe part",
                    card::kRegCardId, id, card::kCardIdReset));
  }
  const uint32_t version = card_->read(card::kRegCardVersion);
  const uint32_t major = (version & card::kCardVersionMajorMask) >> card::kCardVersionMajorLsb;
  if (major != card::kMajor) {
    fail(fmt::format("the card has layout {}.{}, this host {}.{}; use matching versions of both",
                     major, version & card::kCardVersionMinorMask, card::kMajor, card::kMinor));
  }
  const uint32_t sizes = card_->read(card::kRegRingWords);
  const uint32_t request = (sizes & card::kRingWordsRequestMask) >> card::kRingWordsRequestLsb;
  const uint32_t response = (sizes & card::kRingWordsResponseMask) >> card::kRingWordsResponseLsb;
  request_ = {card::kRequestRing, uint32_t{1} << request};
  response_ = {card::kResponseRing, uint32_t{1} << response};
  if (request_.words > card::kRequestRingBytes / 4 ||
      response_.words > card::kResponseRingBytes / 4) {
    fail(
        fmt::format("RING_WORDS (BAR0 + 0x{:04x}) is 0x{:08x}: rings of 2^{} and 2^{} words do not "
                    "fit their {} bytes; the card is faulty",
                    card::kRegRingWords, sizes, request, response, card::kRequestRingBytes));
  }
}

void RingTransport::take_over(Clock::time_point deadline) {
  card_->write(card::kRegCardCtrl, card::kCardCtrlResetMask);
  Patience patience(*this, deadline);
  for (const uint32_t counter : {card::kRegRequestTail, card::kRegRequestHead,
                                 card::kRegResponseTail, card::kRegResponseHead}) {
    while (const uint32_t words = get(counter)) {
      if (patience.over()) {
        throw Error(ErrorKind::kTimeout,
                    fmt::format("{}: {} is {} after a reset of the rings and does not become 0; "
                                "reset the card",
                                describe(), place(counter), words));
      }
      patience.poll();
    }
  }
  std::random_device random;
  do token_ = random();
  while (token_ == 0 || token_ == kAllOnes);
  card_->write(card::kRegToken, token_);
  require_token();
  if (card_->has_interrupt()) card_->write(card::kRegIrqEnable, card::kIrqEnableResponseMask);
}

void RingTransport::require_token() {
  const uint32_t token = get(card::kRegToken);
  if (token != token_) {
    fail(
        fmt::format("{} is 0x{:08x} instead of 0x{:08x}: the card was reset by somebody else; end "
                    "other programs that use it and open it again",
                    place(card::kRegToken), token, token_));
  }
}

uint32_t RingTransport::advanced(uint32_t offset, uint32_t last, uint32_t most) {
  const uint32_t now = get(offset);
  if (now - last > most) {
    require_token();
    fail(fmt::format("{} is {} after {}, but only {} words were possible; the card is faulty",
                     place(offset), now, last, most));
  }
  return now;
}

void RingTransport::put(std::span<const uint32_t> words) {
  const uint32_t at = request_.tail % request_.words;
  const size_t first = std::min<size_t>(words.size(), request_.words - at);
  card_->write_block(request_.base + 4 * at, words.first(first));
  if (first < words.size()) card_->write_block(request_.base, words.subspan(first));
  request_.tail += static_cast<uint32_t>(words.size());
  card_->write(card::kRegRequestTail, request_.tail);
}

void RingTransport::write(std::span<const uint8_t> bytes, Clock::time_point deadline) {
  unsent_.insert(unsent_.end(), bytes.begin(), bytes.end());
  std::vector<uint32_t> all(unsent_.size() / sizeof(uint32_t));
  if (all.empty()) return;
  std::memcpy(all.data(), unsent_.data(), all.size() * sizeof(uint32_t));
  unsent_.erase(unsent_.begin(),
                unsent_.begin() + static_cast<std::ptrdiff_t>(all.size() * sizeof(uint32_t)));
  std::span<const uint32_t> words = all;
  Patience patience(*this, deadline);
  while (!words.empty()) {
    if (request_.words - request_.used() < words.size())
      request_.head = advanced(card::kRegRequestHead, request_.head, request_.used());
    const size_t room = std::min<size_t>(words.size(), request_.words - request_.used());
    if (room > 0) {
      put(words.first(room));
      words = words.subspan(room);
    } else if (patience.over()) {
      require_token();
      throw Error(
          ErrorKind::kTimeout,
          fmt::format("{}: the device does not take words: {} stays at {} ({} words left to "
                      "send when the deadline passed)",
                      describe(), place(card::kRegRequestHead), request_.head, words.size()));
    } else {
      patience.poll();
    }
  }
}

void RingTransport::take(uint32_t count) {
  std::vector<uint32_t> words(count);
  const uint32_t at = response_.head % response_.words;
  const uint32_t first = std::min(count, response_.words - at);
  card_->read_block(response_.base + 4 * at, std::span(words).first(first));
  if (first < count) card_->read_block(response_.base, std::span(words).subspan(first));
  response_.head += count;
  card_->write(card::kRegResponseHead, response_.head);
  received_.resize(count * sizeof(uint32_t));
  std::memcpy(received_.data(), words.data(), received_.size());
  delivered_ = 0;
}

size_t RingTransport::read(std::span<uint8_t> bytes, Clock::time_point deadline) {
  Patience patience(*this, deadline);
  while (delivered_ == received_.size()) {
    response_.tail =
        advanced(card::kRegResponseTail, response_.tail, response_.words - response_.used());
    if (response_.used() > 0) {
      take(response_.used());
    } else if (patience.over()) {
      require_token();
      return 0;
    } else {
      patience.wait_for_response();
    }
  }
  const size_t count = std::min(bytes.size(), received_.size() - delivered_);
  std::copy_n(received_.begin() + static_cast<std::ptrdiff_t>(delivered_), count, bytes.begin());
  delivered_ += count;
  return count;
}

}  // namespace crucible::link
