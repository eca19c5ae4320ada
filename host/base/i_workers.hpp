// The processes that share a job. Each runs the same program and holds the same state; they split
// the images and exchange what their parts gave.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace crucible {

/// Where one may be passed, null stands for this process alone.
class IWorkers {
 public:
  virtual ~IWorkers() = default;
  /// 0 .. size() - 1. The first, rank 0, is the one that writes and prints.
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Workers on this machine, this one included: they share its cores.
  [[nodiscard]] virtual int neighbours() const = 0;

  // Every worker makes the same calls in the same order. They throw crucible::Error: with what
  // another worker failed, or kTimeout naming who did not come.

  /// `bytes` is one part for each rank in order; part r ends before ends[r]. Each worker has filled
  /// its own part, and afterwards all hold all. Every worker gives the same ends.
  virtual void gather(std::span<std::byte> bytes, std::span<const size_t> ends) = 0;
  /// Hands `bytes` from rank to rank: each finds what the one before left (the first, its own) and
  /// `add`s to it. Afterwards all hold what the last one left.
  virtual void relay(std::span<std::byte> bytes, const std::function<void()>& add) = 0;
};

}  // namespace crucible
