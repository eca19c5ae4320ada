// A comparison as a document, its networks, and what a table says of it.
#include "host/experiment/compare.hpp"

#include <gtest/gtest.h>

#include "host/experiment/network_folder.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

CompareRow row() {
  CompareRow row;
  row.network = "plain";
  row.bound = 0.0133;
  row.worst.lsb_exp = 11;
  row.rms_over_w_max = {0.25, 0.125};
  row.worst.images = 200;
  row.worst.clean = 198;
  row.worst.found = 20;
  row.worst.search_accuracy = 0.1;
  row.worst.gradient_evaluations = 1234;
  row.worst.count_evaluations = 56;
  row.chips = ChipColumns{.chips = 40,
                          .images = 50,
                          .clean = 0.98,
                          .mean = 0.975,
                          .lowest = 0.9,
                          .mean_lo = 0.97,
                          .mean_hi = 0.98,
                          .quantiles = {{0.5, 0.98, 0.96, 0.98, "chips"},
                                        {0.1, 0.94, {}, 0.96, "subset-simulation"},
                                        {0.01, {}, {}, {}, "chips"}}};
  row.worst.floor = AccuracyBracket{.images = 20, .certified = 1, .found = 2, .clean = 19};
  return row;
}

Comparison comparison() {
  Comparison comparison;
  comparison.settings = {{"base", "32"}, {"chips", "40"}};
  comparison.rows = {row(), row()};
  comparison.rows[1].network = "hard";
  comparison.rows[1].chips.reset();
  comparison.rows[1].worst.floor.reset();
  comparison.complete = true;
  return comparison;
}

TEST(Compare, ReadsBackWhatItWrites) {
  const auto json = compare_json(comparison());
  EXPECT_EQ(compare_json(compare_from_json(json)), json);
  EXPECT_EQ(json["rows"][0]["random"]["quantiles"][1]["interval"][0], nullptr);
  EXPECT_EQ(json["rows"][0]["worst"]["found"], 20);
}

TEST(Compare, TakesTheNetworksOfTheZooForItsDataThePlainOneFirst) {
  data::Dataset mnist, strokes;
  mnist.name = "mnist";
  strokes.name = "strokes";
  const std::vector<std::string> names = zoo_networks(mnist);
  EXPECT_EQ(names,
            (std::vector<std::string>{"lenet-mnist", "lenet-mnist-gaussian",
                                      "lenet-mnist-right-censored", "lenet-mnist-adversarial"}));
  EXPECT_EQ(zoo_networks(strokes), std::vector<std::string>{"lenet-strokes"});
  for (const std::string& name : names)
    EXPECT_EQ(load_network(network_path(name, mnist)).name, name);
  EXPECT_EQ(network_path("auto", mnist), network_path("lenet-mnist", mnist));
}

TEST(WorstCase, IsNeverBetterThanTheChipWithoutDeviations) {
  WorstCase worst = row().worst;
  EXPECT_NO_THROW(require_found_below_clean(worst, "row"));
  worst.found = worst.clean;
  EXPECT_NO_THROW(require_found_below_clean(worst, "row"));
  worst.found = worst.clean + 1;
  EXPECT_THROW(require_found_below_clean(worst, "row"), Error);
}

TEST(Compare, PrintsARowForEachNetworkAndADashForWhatWasNotAsked) {
  const std::string text = compare_text(comparison());
  EXPECT_NE(
      text.find("| plain | 99.00 | 97.50 (97.00 .. 98.00) | 98.0 / 94.0* / - | 10.00 | 5.0 <= "
                "10.0 <= 95.0 |"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("| hard | 99.00 | - | - | 10.00 | - |"), std::string::npos) << text;
}

}  // namespace
}  // namespace crucible::experiment
