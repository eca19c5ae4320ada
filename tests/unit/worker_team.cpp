#include "tests/unit/worker_team.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "models/error.hpp"

namespace crucible::test {

class WorkerTeam::Member final : public IWorkers {
 public:
  Member(WorkerTeam& team, int rank) : team_(team), rank_(rank) {}
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return static_cast<int>(team_.parts_.size()); }
  [[nodiscard]] int neighbours() const override { return size(); }

  void gather(std::span<std::byte> bytes, std::span<const size_t> ends) override {
    const auto me = static_cast<size_t>(rank_);
    const size_t begin = me == 0 ? 0 : ends[me - 1];
    std::unique_lock lock(team_.mutex_);
    team_.parts_[me] = bytes.subspan(begin, ends[me] - begin);
    team_.meet(lock);
    if (rank_ == 0) {
      team_.whole_.clear();
      for (const auto& part : team_.parts_)
        team_.whole_.insert(team_.whole_.end(), part.begin(), part.end());
    }
    team_.meet(lock);
    if (team_.whole_.size() != bytes.size())
      throw Error(ErrorKind::kInternal, "the workers make different calls");
    // The own part is what the others read, so it stays as it is.
    std::copy_n(team_.whole_.begin(), begin, bytes.begin());
    std::copy(team_.whole_.begin() + static_cast<std::ptrdiff_t>(ends[me]), team_.whole_.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(ends[me]));
    team_.meet(lock);
  }

  void relay(std::span<std::byte> bytes, const std::function<void()>& add) override {
    std::unique_lock lock(team_.mutex_);
    for (int r = 0; r < size(); ++r) {
      if (r == rank_) {
        if (r > 0) std::copy(team_.whole_.begin(), team_.whole_.end(), bytes.begin());
        add();
        team_.whole_.assign(bytes.begin(), bytes.end());
      }
      team_.meet(lock);
    }
    std::copy(team_.whole_.begin(), team_.whole_.end(), bytes.begin());
    team_.meet(lock);
  }

 private:
  WorkerTeam& team_;
  int rank_;
};

void WorkerTeam::meet(std::unique_lock<std::mutex>& lock) {
  constexpr std::chrono::seconds kPatience{60};
  const uint64_t meeting = meetings_;
  if (++here_ == parts_.size()) {
    here_ = 0;
    ++meetings_;
    changed_.notify_all();
    return;
  }
  const bool met =
      changed_.wait_for(lock, kPatience, [&] { return meetings_ != meeting || failed_; });
  if (!met || meetings_ == meeting)
    throw Error(ErrorKind::kTimeout, "another worker failed or did not come");
}

void WorkerTeam::run(const std::function<void(IWorkers&)>& body) {
  std::exception_ptr failure;
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < static_cast<int>(parts_.size()); ++rank)
      threads.emplace_back([&, rank] {
        Member member(*this, rank);
        try {
          body(member);
        } catch (...) {
          const std::scoped_lock lock(mutex_);
          if (!failed_) failure = std::current_exception();
          failed_ = true;
          changed_.notify_all();
        }
      });
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace crucible::test
