#include "host/experiment/hardware_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

#include "models/error.hpp"

namespace crucible::experiment {
namespace {

TEST(HardwareQueue, DoesJobsInOrder) {
  HardwareQueue queue;
  std::vector<int> order;
  for (int i = 0; i < 10; ++i) queue.add([&order, i] { order.push_back(i); });
  queue.finish();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(HardwareQueue, RethrowsTheFirstErrorAndDropsTheRest) {
  HardwareQueue queue;
  std::promise<void> go;
  std::atomic<int> later{0};
  queue.add([&] {
    go.get_future().wait();
    throw Error(ErrorKind::kDevice, "gone");
  });
  queue.add([&] { ++later; });
  go.set_value();
  EXPECT_THROW(queue.finish(), Error);
  EXPECT_EQ(later, 0);
}

TEST(HardwareQueue, ForgetsWaitingJobsWhenAsked) {
  HardwareQueue queue;
  std::promise<void> started, go;
  std::atomic<int> later{0};
  queue.add([&] {
    started.set_value();
    go.get_future().wait();
  });
  queue.add([&] { ++later; });
  started.get_future().wait();
  queue.drop_waiting();
  go.set_value();
  queue.finish();
  EXPECT_EQ(later, 0);
}

}  // namespace
}  // namespace crucible::experiment
