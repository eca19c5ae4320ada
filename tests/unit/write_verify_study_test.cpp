// A write-verify study as a document, and the quantiles of its pulses.
#include "host/experiment/write_verify_study.hpp"

#include <gtest/gtest.h>

namespace crucible::experiment {
namespace {

TEST(WriteVerifyStudy, CountsPulsesUpToAShareOfTheCells) {
  const std::vector<int64_t> with_pulses{50, 0, 49, 1};  // 50 cells took none, 49 two, one three
  EXPECT_EQ(pulses_quantile(with_pulses, 0.5), 0);
  EXPECT_EQ(pulses_quantile(with_pulses, 0.51), 2);
  EXPECT_EQ(pulses_quantile(with_pulses, 0.99), 2);
  EXPECT_EQ(pulses_quantile(with_pulses, 0.991), 3);
  EXPECT_EQ(pulses_quantile(with_pulses, 1.0), 3);
}

TEST(WriteVerifyStudy, ReadsBackWhatItWritesAndNamesCellsThatNoRegisterHolds) {
  WriteVerifyStudy study;
  study.settings = {{"base", "32"}};
  WriteVerifyRow row;
  row.tolerance = 0.05;
  row.weight_bound = 0.5 / 15;
  row.chips = 2;
  row.cells = 1000;
  row.not_converged = 5;
  row.mean_pulses = 4.5;
  row.median_pulses = 1;
  row.p99_pulses = 40;
  row.most_pulses = 133;
  row.images = 100;
  row.clean = 0.99;
  row.mean = 0.985;
  row.lowest = 0.98;
  study.rows = {row, row};
  study.rows[1].tolerance = 0.1;
  study.rows[1].cut = 3;
  study.rows[1].worst =
      WorstCase{.images = 100,
                .clean = 99,
                .found = 10,
                .floor = AccuracyBracket{.images = 10, .certified = 0, .found = 1, .clean = 10}};
  study.complete = true;
  const auto json = write_verify_json(study);
  EXPECT_EQ(write_verify_json(write_verify_from_json(json)), json);
  const std::string text = write_verify_text(study);
  EXPECT_NE(text.find("| 0.05 | 0.0167 | 0.0333 | 4.5 | 1 / 40 / 133 | 0.500 | 98.50 | 98.00 | - | "
                      "- |"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| 10.00 | 0.0 <= 10.0 <= 100.0 |"), std::string::npos) << text;
  EXPECT_NE(text.find("tolerance 0.1: 3 of 1000 cells"), std::string::npos) << text;
}

}  // namespace
}  // namespace crucible::experiment
