#include "host/record/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "host/base/deadline.hpp"
#include "host/driver/cell_words.hpp"
#include "host/driver/identity.hpp"
#include "host/port/refused_error.hpp"
#include "host/record/recording_port.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_map.hpp"

namespace crucible::record {
namespace {

constexpr size_t kKept = 32;  ///< transactions that a report tells
constexpr uint32_t kEndOfRegisters = 0x1000;

/// Reads have their words, all have their status; another error than a refusal passes.
Transaction play(port::IPort& port, const Transaction& recorded) {
  Transaction found = recorded;
  found.status = spec::Status::kOk;
  found.detail = 0;
  try {
    switch (recorded.op) {
      case spec::Op::kRead:
        std::fill(found.words.begin(), found.words.end(), 0);
        port.read(recorded.address, found.words);
        break;
      case spec::Op::kWrite:
        port.write(recorded.address, recorded.words);
        break;
      case spec::Op::kWriteFixed:
        port.write_fixed(recorded.address, recorded.words);
        break;
      default:
        port.wait_idle(recorded.address);
        break;
    }
  } catch (const port::RefusedError& error) {
    found.status = error.status();
    found.detail = error.detail();
  }
  return found;
}

uint32_t address_of(const Transaction& t, size_t word) {
  return t.op == spec::Op::kRead || t.op == spec::Op::kWrite
             ? t.address + 4 * static_cast<uint32_t>(word)
             : t.address;
}

/// The first word that differs and is no time; none where the answers are the same.
std::optional<size_t> first_difference(const Transaction& a, const Transaction& b,
                                       const ITimes* times) {
  if (a.status != b.status || a.detail != b.detail) return 0;
  if (a.op != spec::Op::kRead) return std::nullopt;
  for (size_t i = 0; i < a.words.size(); ++i)
    if (a.words[i] != b.words[i] && !is_time(address_of(a, i)) &&
        (times == nullptr || !times->is_time(a, i)))
      return i;
  return std::nullopt;
}

bool reads_registers(const Transaction& t) {
  return t.op == spec::Op::kRead && t.address < kEndOfRegisters;
}

/// A transaction to play.
struct Step {
  uint64_t number = 0;  ///< in the recording, from 1
  uint64_t cycles = 0;  ///< that the recorded device had since the last step that was no such read
  Transaction recorded;
};

/// A recording without polls: of reads of the same registers with nothing but reads of registers
/// between them, the last is a step.
class Steps {
 public:
  explicit Steps(Reader& recording) : recording_(recording) {}

  std::optional<Step> next() {
    if (ready_.empty()) fill();
    if (ready_.empty()) return std::nullopt;
    Step step = std::move(ready_.front());
    ready_.pop_front();
    return step;
  }
  [[nodiscard]] uint64_t polls() const { return polls_; }

 private:
  void fill() {
    while (std::optional<Transaction> t = recording_.next()) {
      const bool looks = reads_registers(*t);
      if (looks)
        polls_ += std::erase_if(ready_, [&](const Step& earlier) {
          return earlier.recorded.address == t->address &&
                 earlier.recorded.words.size() == t->words.size();
        });
      const uint64_t cycles = t->cycle > since_ ? t->cycle - since_ : 0;
      if (!looks) since_ = t->cycle;
      ready_.push_back({++number_, cycles, std::move(*t)});
      if (!looks) return;
    }
  }

  Reader& recording_;
  std::deque<Step> ready_;  ///< reads of registers, and at most one other transaction after them
  uint64_t number_ = 0, polls_ = 0, since_ = 0;
};

/// The bits of a window's word that differ, as a cell where it holds cells.
std::string place_of(uint32_t address, uint32_t expected, uint32_t found,
                     const models::TileGeometry& geometry) {
  std::string place = port::describe_address(address);
  const auto* window = spec::find_window(address);
  if (window == nullptr) return place;
  const bool levels = window->address == spec::kWindowLevel;
  const bool stuck = window->address == spec::kWindowStuck;
  if (!levels && !stuck && window->address != spec::kWindowOffset) return place;
  const size_t bits = levels || stuck ? 2 : 8;
  const size_t per_word = bits == 2 ? driver::levels_per_word(geometry) : driver::kOffsetsPerWord;
  size_t at = 0;
  while (at + 1 < per_word && ((expected ^ found) >> (bits * at) & ((1U << bits) - 1)) == 0) ++at;
  const size_t cell = (address - window->address) / 4 * per_word + at;
  return cell < geometry.cells()
             ? fmt::format("{}, {}", place, driver::describe_cell(geometry, cell))
             : place;
}

void require_same_device(const Header& header, port::IPort& port) {
  const std::array<std::pair<const char*, std::pair<uint32_t, uint32_t>>, 2> facts{
      {{"register map", {header.map_hash, port.read_word(spec::kRegMapHash)}},
       {"configuration", {header.config_hash, port.read_word(spec::kRegConfigHash)}}}};
  for (const auto& [what, sides] : facts) {
    if (sides.first == sides.second) continue;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: the recording was made on a device of {} {:08x} ('{}', {}), this "
                            "one has {:08x}; replay it against a device of that {}",
                            port.describe(), what, sides.first, header.config, header.address,
                            sides.second, what));
  }
}

void report(const ReplayOptions& options, uint64_t done) {
  if (options.progress && !options.progress(done))
    throw Error(ErrorKind::kUsage, fmt::format("replay: stopped after {} transactions", done));
}

struct Answer {
  Transaction found;
  uint64_t first_look = 0;  ///< as of Divergence
};

/// Repeats a read of registers while it shows something else. A clock that stands still, or has had
/// its time, lets the patience run out.
Answer play_patiently(port::IPort& port, const Step& step, const ReplayOptions& options) {
  Answer answer{play(port, step.recorded)};
  const auto differs = [&] {
    return first_difference(step.recorded, answer.found, options.times).has_value();
  };
  if (!reads_registers(step.recorded) || !differs()) return answer;
  answer.first_look = read_cycles(port);
  uint64_t seen = answer.first_look;
  auto deadline = deadline_in(options.patience);
  while (differs() && std::chrono::steady_clock::now() < deadline) {
    report(options, step.number);
    answer.found = play(port, step.recorded);
    const uint64_t cycles = read_cycles(port);
    if (cycles != seen && cycles - answer.first_look < 2 * step.cycles)
      deadline = deadline_in(options.patience);
    seen = cycles;
  }
  return answer;
}

}  // namespace

bool is_time(uint32_t address) {
  constexpr std::array kTimes{spec::kRegCyclesLo,     spec::kRegCyclesHi,
                              spec::kRegBusyCycles,   spec::kRegWatchdog,
                              spec::kRegCoreCycles,   spec::kRegWaitCycles,
                              spec::kRegEngineCycles, spec::kRegEngineTileCycles};
  return std::find(kTimes.begin(), kTimes.end(), address) != kTimes.end();
}

ReplayResult replay(Reader& recording, port::IPort& port, const ReplayOptions& options) {
  require_same_device(recording.header(), port);
  const models::TileGeometry geometry = driver::read_identity(port).geometry;
  ReplayResult result;
  std::deque<std::string> before;
  Steps steps(recording);
  while (const std::optional<Step> step = steps.next()) {
    const Transaction& recorded = step->recorded;
    result.transactions = step->number;
    if (options.times != nullptr) options.times->note(recorded);
    const auto [found, first_look] = play_patiently(port, *step, options);
    before.push_back(
        fmt::format("{:>8}  cycle {:>12}  {}", step->number, recorded.cycle, describe(recorded)));
    if (before.size() > kKept) before.pop_front();
    if (const std::optional<size_t> word = first_difference(recorded, found, options.times)) {
      Divergence& d = result.divergence.emplace();
      d.number = step->number;
      d.expected = recorded;
      d.found = found;
      d.found.cycle = read_cycles(port);
      d.first_look = first_look;
      d.word = *word;
      d.before.assign(before.begin(), before.end());
      const bool words = !recorded.words.empty() && recorded.status == found.status;
      d.place = recorded.op == spec::Op::kWaitIdle ? "the wait"
                : words ? place_of(address_of(recorded, *word), recorded.words[*word],
                                   found.words[*word], geometry)
                        : port::describe_address(recorded.address);
      break;
    }
    if (step->number % kKept == 0) report(options, step->number);
  }
  result.polls = steps.polls();
  result.cut = !result.divergence && recording.cut();
  return result;
}

std::string describe(const Divergence& d, const Header& header, const std::string& target) {
  const auto answer = [&](const Transaction& t) {
    if (t.status != spec::Status::kOk)
      return fmt::format("refused, {} (0x{:x})", spec::status_name(t.status), t.detail);
    return d.word < t.words.size() && t.op == spec::Op::kRead
               ? fmt::format("0x{:08x}", t.words[d.word])
               : std::string("done");
  };
  const std::string looks =
      d.first_look == 0 ? "" : fmt::format(", looked at since cycle {}", d.first_look);
  std::string text = fmt::format(
      "transaction {} differs: {}\n"
      "  where     {}\n"
      "  recorded  {}  ({}, cycle {})\n"
      "  now       {}  ({}, cycle {}{})\n"
      "the last {} transactions, as recorded:\n",
      d.number, describe(d.expected), d.place, answer(d.expected), header.address, d.expected.cycle,
      answer(d.found), target, d.found.cycle, looks, d.before.size());
  for (const std::string& line : d.before) text += line + "\n";
  return text;
}

}  // namespace crucible::record
