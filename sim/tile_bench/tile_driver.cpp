#include "sim/tile_bench/tile_driver.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crucible::sim {
namespace {

constexpr int kResetCycles = 4;
constexpr uint64_t kPatience = 1000;  ///< cycles for what has nothing to do with vectors

}  // namespace

TileDriver::TileDriver(ITile& tile, const Dut& dut, models::Draw& draw)
    : tile_(tile), dut_(dut), draw_(draw) {
  inputs_.tie = dut.tie;
}

uint64_t TileDriver::budget(uint64_t vectors) const {
  return dut_.cycles_per_vector * vectors + kPatience;
}

void TileDriver::violation(const std::string& what) const {
  throw Violation(fmt::format("{} (cycle {})", what, cycle_));
}

void TileDriver::restart_monitors() {
  due_.fill(Due::kNothing);
  answers_.clear();
  accepted_ = false;
  vectors_taken_ = vectors_done_ = 0;
  forget_events();
}

void TileDriver::reset() {
  mark_transaction();
  inputs_.rst_n = false;
  for (int i = 0; i < kResetCycles; ++i) {
    no_request();
    no_job();
    outputs_ = tile_.clock(inputs_);
    ++cycle_;
  }
  inputs_.rst_n = true;
  no_request();
  no_job();
  restart_monitors();
  clock();
  if (outputs_.busy) violation("busy_o is 1 in the first cycle after reset");
}

void TileDriver::no_request() {
  inputs_.mem_req = false;
  inputs_.mem_we = draw_.one_in(2);
  inputs_.mem_sel = draw_.word() & ((1u << models::kSelectorBits) - 1);
  inputs_.mem_addr = draw_.word() & 0xffffff;
  inputs_.mem_be = draw_.word() & 15;
  inputs_.mem_wdata = draw_.word();
}

void TileDriver::no_job() {
  inputs_.job_valid = false;
  for (uint32_t* field :
       {&inputs_.job.bank, &inputs_.job.rows, &inputs_.job.cols, &inputs_.job.count,
        &inputs_.job.in, &inputs_.job.stride, &inputs_.job.out}) {
    *field = draw_.word() & 0xffff;
  }
}

void TileDriver::clock() {
  outputs_ = tile_.clock(inputs_);
  if (const std::string said = tile_.complaint(); !said.empty()) violation(said);
  watch_memory();
  watch_job();
  for (size_t i = 0; i < events_.size(); ++i) events_[i] += outputs_.events[i];
  ++cycle_;
}

void TileDriver::watch_memory() {
  const Due due = due_.back();
  std::rotate(due_.begin(), due_.end() - 1, due_.end());
  due_.front() = !inputs_.mem_req ? Due::kNothing : inputs_.mem_we ? Due::kWrite : Due::kRead;
  if (outputs_.mem_rvalid != (due != Due::kNothing)) {
    violation(outputs_.mem_rvalid
                  ? "mem_rvalid_o is 1, but no request was made two cycles before"
                  : "mem_rvalid_o is 0, but a request was made two cycles before: each is "
                    "answered once, two cycles later");
  }
  if (due == Due::kRead) answers_.push_back(outputs_.mem_rdata);
}

void TileDriver::watch_job() {
  const bool product = outputs_.events[0] != 0;  // product_o is the first port of the first group
  if (product && !outputs_.busy) violation("product_o is 1 while busy_o is 0");
  vectors_done_ += product ? 1 : 0;
  if (vectors_done_ > vectors_taken_) violation("product_o counts a vector of no job");
  if (accepted_ && !outputs_.busy) {
    violation(
        "a job was taken (job_valid_i and job_ready_o), but busy_o does not rise in the next "
        "cycle: the job is lost");
  }
  if (!outputs_.busy && vectors_done_ != vectors_taken_) {
    violation(fmt::format("busy_o fell after {} of {} vectors (product_o)", vectors_done_,
                          vectors_taken_));
  }
  accepted_ = inputs_.job_valid && outputs_.job_ready;
  if (accepted_) vectors_taken_ += inputs_.job.count;
}

void TileDriver::idle() {
  while (draw_.chance(dut_.idle)) {
    no_request();
    clock();
  }
}

void TileDriver::request(bool write, int selector, uint32_t address, uint32_t enables,
                         uint32_t data) {
  idle();
  inputs_.mem_req = true;
  inputs_.mem_we = write;
  inputs_.mem_sel = static_cast<uint32_t>(selector);
  inputs_.mem_addr = address;
  inputs_.mem_be = enables;
  inputs_.mem_wdata = data;
  clock();
  no_request();
}

void TileDriver::write(int selector, uint32_t first, std::span<const uint32_t> words,
                       uint32_t enables) {
  for (const uint32_t word : words) request(true, selector, first++, enables, word);
}

std::vector<uint32_t> TileDriver::read(int selector, uint32_t first, size_t count) {
  for (int i = 0; i < models::kAnswerCycles; ++i) clock();
  answers_.clear();
  for (size_t i = 0; i < count; ++i) {
    request(false, selector, first + static_cast<uint32_t>(i), draw_.word() & 15, draw_.word());
  }
  for (int i = 0; i < models::kAnswerCycles; ++i) clock();
  return std::move(answers_);
}

void TileDriver::apply(const models::TileSettings& settings) {
  settings_ = settings;
  size_t word = 0;
  for (const models::PortGroup& group : models::port_groups()) {
    for (const models::InputPort& port : group.inputs) {
      const uint64_t value = port.value(settings);
      inputs_.settings[word] = static_cast<uint32_t>(value);
      if (port.bits > 32) inputs_.settings[word + 1] = static_cast<uint32_t>(value >> 32);
      word += static_cast<size_t>(models::port_words(port.bits));
    }
  }
  for (const models::PortGroup* group : dut_.groups) {
    for (const models::TableWindow& window : group->tables) {
      std::vector<uint32_t> words;
      for (int i = 0; i < window.words(dut_.geometry); ++i) {
        words.push_back(window.word(dut_.geometry, settings, i));
      }
      write(window.selector, 0, words);
    }
  }
}

void TileDriver::program(int bank, const models::BankCells& cells) {
  for (const models::PortGroup* group : dut_.groups) {
    for (const models::CellWindow& window : group->cells) {
      const int count = window.words(dut_.geometry);
      std::vector<uint32_t> words;
      for (int i = 0; i < count; ++i) words.push_back(window.word(dut_.geometry, cells, i));
      write(window.selector, static_cast<uint32_t>(bank * count), words);
    }
  }
}

void TileDriver::load(uint32_t first, std::span<const uint8_t> inputs) {
  std::vector<uint32_t> words((inputs.size() + 3) / 4);
  for (size_t i = 0; i < inputs.size(); ++i) {
    words[i / 4] |= uint32_t{inputs[i]} << (8 * (i % 4));
  }
  write(models::kSelInput, first, words);
}

void TileDriver::start(const TileJob& job) {
  mark_transaction();
  const uint64_t deadline = cycle_ + budget(vectors_taken_ - vectors_done_);
  inputs_.job_valid = true;
  inputs_.job = job;
  do {
    clock();
    if (!accepted_ && cycle_ > deadline) {
      violation(fmt::format("hang: job_ready_o stays 0 with job_valid_i at 1 for {} cycles",
                            budget(vectors_taken_ - vectors_done_)));
    }
  } while (!accepted_);
  no_job();
}

void TileDriver::wait() {
  const uint64_t vectors = vectors_taken_ - vectors_done_;
  const uint64_t deadline = cycle_ + budget(vectors);
  do {
    clock();
    if (outputs_.busy && cycle_ > deadline) {
      violation(
          fmt::format("hang: busy_o stays 1 for {} cycles with {} vectors to do; "
                      "limits.cycles_per_vector is {}",
                      budget(vectors), vectors, dut_.cycles_per_vector));
    }
  } while (outputs_.busy);
}

void TileDriver::run(const TileJob& job) {
  start(job);
  wait();
}

std::vector<int64_t> TileDriver::results(const TileJob& job) {
  const size_t count = size_t{job.count} * (job.cols / 4);
  const auto low = read(models::kSelOutputLo, job.out, count);
  const auto high = read(models::kSelOutputHi, job.out, count);
  std::vector<int64_t> values(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = static_cast<int64_t>((uint64_t{high[i]} << 32) | low[i]);
  }
  return values;
}

uint64_t TileDriver::events(const models::OutputPort& wanted) const {
  size_t word = 0;
  for (const models::PortGroup& group : models::port_groups()) {
    for (const models::OutputPort& port : group.outputs) {
      if (&port == &wanted) return events_[word];
      word += static_cast<size_t>(models::port_words(port.bits));
    }
  }
  return 0;
}

}  // namespace crucible::sim
