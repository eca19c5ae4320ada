// certified <= worst <= found <= clean: what a violated order does.
#include "host/experiment/bracket.hpp"

#include <gtest/gtest.h>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

/// Four images of class 0; the first `certified` of them are.
certify::CertifyResult certificate(int certified, int clean) {
  certify::CertifyResult result;
  result.clean = clean;
  result.certified = certified;
  result.image_certified.resize(4);
  for (int i = 0; i < certified; ++i) result.image_certified[static_cast<size_t>(i)] = true;
  return result;
}

std::string refusal(const certify::CertifyResult& result, const std::vector<uint8_t>& predicted) {
  try {
    static_cast<void>(make_bracket(result, predicted, std::vector<uint8_t>(4), "row x"));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInternal);
    return error.what();
  }
  return "accepted";
}

TEST(Bracket, IsPrintedInItsOrder) {
  const AccuracyBracket bracket = make_bracket(certificate(1, 4), std::vector<uint8_t>{0, 0, 1, 1},
                                               std::vector<uint8_t>(4), "row x");
  EXPECT_EQ(bracket_text(bracket), "certified 25.00 % <= worst <= found 50.00 % <= clean 100.00 %");
}

TEST(Bracket, SaysWhereTheDeadZoneMakesItTrivial) {
  AccuracyBracket bracket = make_bracket(certificate(4, 4), 4, "row x");
  bracket.trivial = true;
  EXPECT_NE(bracket_text(bracket).find("trivial: the box is inside the ADC's dead zone"),
            std::string::npos);
}

TEST(Bracket, TakesTheChipWithoutDeviationsWhereItIsWorseThanTheOneFound) {
  EXPECT_EQ(make_bracket(certificate(1, 2), 3, "row x").found, 2);
}

TEST(Bracket, EndsTheProgramNamingTheImageThatIsCertifiedAndWrong) {
  const std::string message = refusal(certificate(2, 4), {0, 7, 0, 0});
  EXPECT_NE(message.find("row x: image 1 is certified, but wrong on the chip found (of 4 images 2 "
                         "are certified, 3 right on the chip found, 4 on the chip without"),
            std::string::npos)
      << message;
}

TEST(Bracket, EndsTheProgramWhenCountsAreOutOfOrder) {
  EXPECT_THROW(static_cast<void>(make_bracket(certificate(3, 4), 2, "row x")), Error);
  EXPECT_THROW(static_cast<void>(make_bracket(certificate(3, 2), 4, "row x")), Error);
}

}  // namespace
}  // namespace crucible::experiment
