// The ADC's dead zone: what it says of codes is what the interval pass finds on chips.
#include <gtest/gtest.h>

#include <cmath>

#include "host/certify/certify.hpp"
#include "host/certify/dead_zone.hpp"
#include "host/certify/interval_pass.hpp"
#include "tests/unit/certify_support.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::test {
namespace {

BoxedCase layer_case(int base, int steps, int step_exp, std::vector<int16_t> adc_offset = {},
                     int lsb_exp = 12) {
  CaseSettings settings;
  settings.base = base;
  settings.lsb_exp = lsb_exp;
  settings.steps = steps;
  settings.adc = {false, 8, {step_exp}};
  settings.adc_offset = std::move(adc_offset);
  return boxed_case("layer", random_network({dense_shape(8, 2)}, 3), settings);
}

/// Conversions of random inputs, and those that the box cannot change.
certify::ConversionCount conversions(const BoxedCase& boxed) {
  const certify::BoxedNetwork network(boxed.network, boxed.compiled, boxed.box, {});
  certify::IntervalPass pass(network);
  certify::ConversionCount count;
  const std::vector<uint8_t> images = random_bytes(8 * 500, 5);
  for (size_t k = 0; k < 500; ++k) pass.run(std::span(images).subspan(8 * k, 8), &count);
  return count;
}

TEST(DeadZone, IsHalfAStepOverTheRowsWithoutABase) {
  // Sums are whole levels and a step is one: the nearest tie is half a level away, down or up.
  const BoxedCase boxed = layer_case(0, 3, 0);
  const certify::DeadZone zone = certify::dead_zone(boxed.compiled, 0);
  EXPECT_FALSE(zone.ties);
  EXPECT_DOUBLE_EQ(zone.levels, 0.5 / 8);
}

TEST(DeadZone, HasTiesWhereSumsAreOddMultiplesOfHalfAStep) {
  EXPECT_TRUE(certify::dead_zone(layer_case(0, 3, 1).compiled, 0).ties);    // steps of two levels
  EXPECT_TRUE(certify::dead_zone(layer_case(32, 3, -1).compiled, 0).ties);  // two rows: 1/4 level
  EXPECT_FALSE(certify::dead_zone(layer_case(32, 3, -3).compiled, 0).ties);
  EXPECT_FALSE(certify::dead_zone(layer_case(33, 3, -1).compiled, 0).ties);  // 64 rows would
  EXPECT_TRUE(certify::dead_zone(layer_case(0, 3, 0, {0, 128, 0, 0, 0, 0, 0, 0}).compiled, 0).ties);
}

TEST(DeadZone, DoesNotExistWhereCodesFollowTheirSums) {
  EXPECT_EQ(certify::dead_zone(layer_case(0, 3, -8, {}, 8).compiled, 0).levels, 0);
  CaseSettings settings;
  settings.adc.transparent = true;
  const BoxedCase boxed = boxed_case("layer", random_network({dense_shape(8, 2)}, 3), settings);
  EXPECT_EQ(certify::dead_zone(boxed.compiled, 0).levels, 0);
  EXPECT_FALSE(certify::is_trivial(boxed.compiled, boxed.box));
}

TEST(DeadZone, EndsExactlyWhereTheFirstCodeChanges) {
  for (const int base : {0, 1, 32, 33, 255}) {
    for (const int step_exp : {-3, -1, 0}) {
      SCOPED_TRACE(testing::Message() << "base " << base << ", step_exp " << step_exp);
      const certify::DeadZone zone = certify::dead_zone(layer_case(base, 3, step_exp).compiled, 0);
      const double lsb = std::ldexp(zone.levels, 12);
      const int inside = static_cast<int>(std::ceil(lsb)) - 1;
      if (zone.ties || inside < 1 || inside > 127) continue;
      const BoxedCase below = layer_case(base, inside, step_exp);
      const certify::ConversionCount count = conversions(below);
      EXPECT_EQ(count.fixed, count.conversions);
      EXPECT_TRUE(certify::is_trivial(below.compiled, below.box));
      if (inside < 127) {
        const BoxedCase above = layer_case(base, inside + 1, step_exp);
        EXPECT_FALSE(certify::is_trivial(above.compiled, above.box));
      }
    }
  }
}

TEST(DeadZone, MakesCertificatesTrivial) {
  const BoxedCase boxed = layer_case(0, 127, 0);
  ASSERT_TRUE(certify::is_trivial(boxed.compiled, boxed.box));
  const std::vector<uint8_t> images = random_bytes(8 * 50, 5);
  const std::vector<uint8_t> labels(50, 1);
  const certify::CertifyResult result =
      certify::certify(boxed.network, boxed.compiled, boxed.box, images, labels);
  EXPECT_GT(result.clean, 0);
  EXPECT_EQ(result.certified, result.clean);
  EXPECT_EQ(result.first_layer.fixed, result.first_layer.conversions);
}

}  // namespace
}  // namespace crucible::test
