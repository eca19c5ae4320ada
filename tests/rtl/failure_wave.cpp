#include "tests/rtl/failure_wave.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <thread>

namespace crucible::sim {
namespace {

constexpr const char* kVariable = "CRUCIBLE_WAVE";  // FROM:CYCLES:FILE
constexpr uint64_t kMargin = 16;                    // cycles before and after

std::string current_test() {
  const testing::TestInfo& info = *testing::UnitTest::GetInstance()->current_test_info();
  return std::string(info.test_suite_name()) + "." + info.name();
}

/// Runs this program's one test with the wave on; its own output goes nowhere. Whether it came to
/// an end before the deadline.
bool run_again(const std::string& filter, const std::string& seed, const std::string& wave,
               std::chrono::steady_clock::time_point deadline) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    ::setenv("CRUCIBLE_SEED", seed.c_str(), 1);
    ::setenv(kVariable, wave.c_str(), 1);
    ::execl("/proc/self/exe", "wave", filter.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return child > 0;
}

}  // namespace

FailureWave::FailureWave(const FrameClient& client, IRtlTop& top, uint64_t seed)
    : client_(client), top_(top), seed_(seed), started_(std::chrono::steady_clock::now()) {
  const char* const wave = std::getenv(kVariable);
  if (wave == nullptr) return;
  char* rest = nullptr;
  const uint64_t from = std::strtoull(wave, &rest, 10);
  const uint64_t cycles = *rest == ':' ? std::strtoull(rest + 1, &rest, 10) : 0;
  if (cycles > 0 && *rest == ':') top.trace(rest + 1, from, cycles);
}

FailureWave::~FailureWave() {
  if (!testing::Test::HasFailure() && std::uncaught_exceptions() == 0) return;
  if (std::getenv(kVariable) == nullptr) leave_wave();
}

void FailureWave::begins() {
  open_ = true;
  begin_ = top_.outputs().cycle;
}

void FailureWave::leave_wave() const {
  const uint64_t begin = open_ ? begin_ : client_.sent_at();
  const uint64_t from = begin - std::min(begin, kMargin);
  const uint64_t cycles = top_.outputs().cycle + kMargin - from;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  const std::filesystem::path folder = program.parent_path().parent_path() / "waves";
  std::string name = current_test();
  std::replace(name.begin(), name.end(), '/', '.');
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const std::string file = (folder / (name + ".fst")).string();
  const std::string wave = fmt::format("{}:{}:{}", from, cycles, file);
  const std::string filter = "--gtest_filter=" + current_test();
  const std::string seed = std::to_string(seed_);
  const auto took = std::chrono::steady_clock::now() - started_;
  const bool ended = run_again(
      filter, seed, wave, std::chrono::steady_clock::now() + 10 * took + std::chrono::seconds(10));
  std::fprintf(stderr, "%s",
               fmt::format("wave of cycles {} .. {}: {}\nrepeat with: CRUCIBLE_SEED={} "
                           "{}={} {} {}\n",
                           from, from + cycles - 1,
                           ended && std::filesystem::exists(file) ? file : "none was written", seed,
                           kVariable, wave, program.string(), filter)
                   .c_str());
}

}  // namespace crucible::sim
