// What the host's own tools say of the board that is attached: the doctor, and a recording of it.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <random>

#include "host/doctor/doctor.hpp"
#include "host/port/open_port.hpp"
#include "host/record/replay.hpp"
#include "tests/boards/board_fixture.hpp"
#include "tests/equiv/random_case.hpp"

namespace crucible::boards {
namespace {

namespace fs = std::filesystem;

TEST_F(Board, IsFoundGoodByTheDoctor) {
  device_.reset();
  size_t failures = 0;
  const auto findings = doctor::examine(
      attached_->address, {.bauds = {}, .frames = 50}, [&](const doctor::Finding& finding) {
        failures += finding.verdict == doctor::Verdict::kFail ? 1 : 0;
        std::cout << fmt::format("{}: {}{}{}\n", finding.name, finding.text,
                                 finding.advice.empty() ? "" : "; ", finding.advice);
      });
  EXPECT_EQ(failures, 0u);
  EXPECT_EQ(findings.back().name, "network") << "the examination ended early";
}

TEST_F(Board, AnswersARecordingOfItselfAgainAndSoDoesTheModel) {
  const fs::path file =
      fs::path(testing::TempDir()) / fmt::format("crucible-hil-{}.rec", std::random_device{}());
  open(record::recorded(file.string(), attached_->address));
  sim::RandomCase random(*config_, kSeed);
  models::BankCells bank = random.cells();
  if (config_->effects != 0) bank.stuck.resize(bank.levels.size());
  device_->program_levels(bank.levels, 1);
  device_->write_offsets(bank.offsets, 1);
  if (!bank.stuck.empty()) device_->program_stuck(bank.stuck, 1);
  device_->apply(random.settings());
  const std::vector<uint8_t> x = random.inputs(static_cast<size_t>(config_->rows));
  std::vector<int64_t> products(static_cast<size_t>(config_->cols / 4));
  device_->multiply(0, config_->rows, config_->cols, true, x, 1, products);
  device_.reset();
  for (const std::string& address : {attached_->address, fmt::format("model:{}", config_->name)}) {
    record::Reader recording(file);
    const auto port = port::open_port(address);
    const record::ReplayResult result = record::replay(recording, *port);
    EXPECT_FALSE(result.divergence)
        << record::describe(*result.divergence, recording.header(), address);
    EXPECT_GT(result.transactions, 10u);
    std::cout << fmt::format("{}: {} transactions replayed\n", address, result.transactions);
  }
  fs::remove(file);
}

}  // namespace
}  // namespace crucible::boards
