// The suite against one mutant: mutation_suite MUTANT LIMITS [GoogleTest's arguments]. LIMITS is a
// file of lines "test cycles"; it is written by mutant 0 and limits the others to twice as much.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "tests/mutation/mutated_top.hpp"

namespace crucible::sim {
namespace {

constexpr uint64_t kSlack = 2000;  ///< cycles on top, for tests of a few clocks

class CycleLimits : public testing::EmptyTestEventListener {
 public:
  CycleLimits(bool record, const std::string& path) : record_(record), path_(path) {
    if (record_) return;
    std::ifstream file(path_);
    std::string name;
    for (uint64_t cycles = 0; file >> name >> cycles;) cycles_[name] = cycles;
  }
  [[nodiscard]] bool usable() const { return record_ || !cycles_.empty(); }

  void OnTestStart(const testing::TestInfo& test) override {
    const auto known = cycles_.find(name_of(test));
    limit_cycles(known == cycles_.end() ? ~uint64_t{0} : 2 * known->second + kSlack);
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    if (record_) cycles_[name_of(test)] = cycles_used();
  }
  void OnTestProgramEnd(const testing::UnitTest&) override {
    if (!record_) return;
    std::ofstream file(path_);
    for (const auto& [name, cycles] : cycles_) file << name << ' ' << cycles << '\n';
  }

 private:
  static std::string name_of(const testing::TestInfo& test) {
    return std::string(test.test_suite_name()) + "." + test.name();
  }

  const bool record_;
  const std::string path_;
  std::map<std::string, uint64_t> cycles_;
};

}  // namespace
}  // namespace crucible::sim

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) {
    fmt::print(stderr, "usage: mutation_suite MUTANT LIMITS [GoogleTest's arguments]\n");
    return 2;
  }
  const auto mutant = static_cast<uint16_t>(std::stoul(argv[1]));
  crucible::sim::select_mutant(mutant);
  auto limits = std::make_unique<crucible::sim::CycleLimits>(mutant == 0, argv[2]);
  if (!limits->usable()) {
    fmt::print(stderr, "mutation_suite: no limits in '{}': run mutant 0 first\n", argv[2]);
    return 2;
  }
  testing::UnitTest::GetInstance()->listeners().Append(limits.release());
  return RUN_ALL_TESTS();
}
