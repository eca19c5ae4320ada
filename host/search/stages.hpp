// Searches one after the other.
#pragma once

#include <memory>
#include <vector>

#include "host/search/i_search.hpp"

namespace crucible::search {

class Stages final : public ISearch {
 public:
  explicit Stages(std::vector<std::unique_ptr<ISearch>> stages) : stages_(std::move(stages)) {}

  bool advance() override {
    if (!stages_[at_]->advance()) ++at_;
    return at_ < stages_.size();
  }
  [[nodiscard]] int planned() const override {
    int sum = 0;
    for (const auto& stage : stages_) sum += stage->planned();
    return sum;
  }
  void save(OutArchive& archive) const override {
    archive(at_);
    stages_[at_]->save(archive);
  }
  void load(InArchive& archive) override {
    archive(at_);
    stages_.at(at_)->load(archive);
  }

 private:
  std::vector<std::unique_ptr<ISearch>> stages_;
  size_t at_ = 0;
};

}  // namespace crucible::search
