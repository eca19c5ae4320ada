// The host's model of the device against the RTL: the same random frames, legal and not, give the
// same status, detail and words. CYCLES and BUSY_CYCLES are left out, the model does not count them
// exactly.
#include "models/device/board_model.hpp"

#include <fmt/format.h>

#include "tests/cosim/model_beside_rtl.hpp"
#include "tests/cosim/random_frames.hpp"

namespace crucible::sim {
namespace {

using spec::Op;
using spec::Status;

class DeviceModel : public ModelBesideRtl {};

TEST_P(DeviceModel, AnswersRandomFramesAsTheRtlDoes) {
  RandomFrames frames(config_, test_seed());
  int accepted = 0, jobs = 0, chips = 0, tests = 0;
  for (int trial = 0; trial < 6000; ++trial) {
    client_.wait(kPatience);
    ASSERT_EQ(model_.wait_idle(kPatience).status, Status::kOk);
    const link::Frame frame = frames.next();
    const auto op = static_cast<Op>(frame.op);
    Response response;
    models::FrameResult expected;
    if (op == Op::kRead) {
      std::vector<uint32_t> words(frame.length);
      response = client_.read(frame.address, frame.length);
      expected = model_.read(frame.address, words);
      if (response.status == Status::kOk) {
        for (uint32_t i = 0; i < frame.length; ++i) {
          if (cycle_counter(frame.address + 4 * i)) continue;
          ASSERT_EQ(response.payload.at(i), words[i])
              << fmt::format("trial {}, address 0x{:x}", trial, frame.address + 4 * i);
        }
      }
    } else if (op == Op::kWrite) {
      response = client_.write(frame.address, frame.payload);
      expected = model_.write(frame.address, frame.payload);
    } else {
      response = client_.write_fixed(frame.address, frame.payload);
      expected = model_.write_fixed(frame.address, frame.payload);
    }
    ASSERT_EQ(spec::status_name(response.status), spec::status_name(expected.status))
        << fmt::format("trial {}, op {}, address 0x{:x}, length {}", trial, frame.op, frame.address,
                       frame.length);
    ASSERT_EQ(response.detail, expected.detail)
        << fmt::format("trial {}, address 0x{:x}", trial, frame.address);
    if (response.status != Status::kOk) continue;
    ++accepted;
    if (op == Op::kRead) continue;
    jobs += frame.address == spec::kRegJobBank && frame.length == 8 ? 1 : 0;
    chips += frame.address == spec::kRegGenSigma01 && frame.length == 9 ? 1 : 0;
    tests += frame.address == spec::kRegSelftest ? 1 : 0;
  }
  EXPECT_EQ(client_.get_word(spec::kRegError), model_.error());
  EXPECT_GT(accepted, 1500);
  EXPECT_GT(jobs, 200);
  if (config_.effects != 0) {
    EXPECT_GE(chips, 5);
    EXPECT_GE(tests, 5);
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, DeviceModel,
                         testing::ValuesIn(tested_configs({"tiny", "small"})), config_case_name);

}  // namespace
}  // namespace crucible::sim
