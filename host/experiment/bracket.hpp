// certified <= true worst <= found <= clean: what is known of the worst chip of a row's box, all of
// it in the row's own integer pipeline and on the same images.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "host/certify/certify.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// Images that a bracket takes where the configuration does not say: fewer where the row has fewer.
inline constexpr int kBracketImages = 1000;

/// Holds a certificate against the chip that a search found. `predicted`: its classes of at least
/// the certificate's images. Throws crucible::Error(kInternal) naming the numbers where a certified
/// image is wrong on that chip, or the order is violated; `what` opens the message.
[[nodiscard]] AccuracyBracket make_bracket(const certify::CertifyResult& certificate,
                                           std::span<const uint8_t> predicted,
                                           std::span<const uint8_t> labels,
                                           const std::string& what);
/// The same from counts alone.
[[nodiscard]] AccuracyBracket make_bracket(const certify::CertifyResult& certificate, int found,
                                           const std::string& what);

/// Certifies the first config.images test images in the box and holds the certificate against the
/// classes of the chip found there. The bench's workers share the images. Throws as make_bracket().
[[nodiscard]] AccuracyBracket certify_bracket(
    const Workbench& bench, const models::CompiledNetwork& compiled, const models::WeightBox& box,
    const BracketConfig& config, std::span<const uint8_t> predicted, const std::string& what);

/// "certified 1.20 % <= worst <= found 9.10 % <= clean 99.30 %", and what there is to say beside.
[[nodiscard]] std::string bracket_text(const AccuracyBracket& bracket);

[[nodiscard]] nlohmann::ordered_json bracket_json(const AccuracyBracket& bracket);
/// The inverse of bracket_json(). Throws nlohmann::json::exception.
[[nodiscard]] AccuracyBracket bracket_from(const nlohmann::ordered_json& json);

/// The brackets of an experiment's rows. Rows with the same box and tile share their certificate.
class Brackets {
 public:
  /// Throws crucible::Error(kUsage) where the configuration asks for more images than rows are
  /// evaluated on.
  explicit Brackets(Workbench& bench);

  /// Fills row.bracket of a row that was evaluated on the model; nothing for the clean row, or
  /// where the configuration asks for no images. Throws as make_bracket().
  void add(RowOutcome& row);

 private:
  Workbench& bench_;
  std::map<std::string, certify::CertifyResult> certificates_;
};

}  // namespace crucible::experiment
