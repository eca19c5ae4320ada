// Which words of firmware's answers count clock cycles, so that a replay does not compare them.
#pragma once

#include "host/record/replay.hpp"

namespace crucible::board {

/// Of RUN and COUNT: cycles, and cycles of waiting (firmware/README.md, "Commands"). A refusal has
/// other results, and none of them is time.
class MailboxTimes final : public record::ITimes {
 public:
  void note(const record::Transaction& played) override;
  [[nodiscard]] bool is_time(const record::Transaction& read, size_t word) const override;

 private:
  uint32_t command_ = 0;  ///< code of the last one written
};

}  // namespace crucible::board
