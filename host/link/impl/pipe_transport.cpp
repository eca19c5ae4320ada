#include "host/link/pipe_transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "models/error.hpp"

namespace crucible::link {

namespace {

/// One direction.
struct Channel {
  explicit Channel(size_t most) : capacity(most) {}
  const size_t capacity;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<uint8_t> bytes;
  bool closed = false;

  void close() {
    const std::scoped_lock lock(mutex);
    closed = true;
    changed.notify_all();
  }
};

class PipeTransport final : public ITransport {
 public:
  PipeTransport(std::shared_ptr<Channel> in, std::shared_ptr<Channel> out, std::string name)
      : in_(std::move(in)), out_(std::move(out)), name_(std::move(name)) {}

  ~PipeTransport() override {
    in_->close();
    out_->close();
  }

  void write(std::span<const uint8_t> bytes, Clock::time_point deadline) override {
    std::unique_lock lock(out_->mutex);
    while (!bytes.empty()) {
      if (!out_->changed.wait_until(lock, deadline, [&] {
            return out_->closed || out_->bytes.size() < out_->capacity;
          })) {
        throw Error(ErrorKind::kTimeout,
                    fmt::format("{}: the other end does not take bytes", name_));
      }
      if (out_->closed)
        throw Error(ErrorKind::kDevice, fmt::format("{}: the other end is closed", name_));
      const size_t count = std::min(bytes.size(), out_->capacity - out_->bytes.size());
      out_->bytes.insert(out_->bytes.end(), bytes.begin(),
                         bytes.begin() + static_cast<std::ptrdiff_t>(count));
      bytes = bytes.subspan(count);
      out_->changed.notify_all();
    }
  }

  size_t read(std::span<uint8_t> bytes, Clock::time_point deadline) override {
    std::unique_lock lock(in_->mutex);
    if (!in_->changed.wait_until(lock, deadline,
                                 [&] { return in_->closed || !in_->bytes.empty(); }))
      return 0;
    if (in_->bytes.empty())
      throw Error(ErrorKind::kDevice, fmt::format("{}: the other end is closed", name_));
    const size_t count = std::min(bytes.size(), in_->bytes.size());
    const auto last = in_->bytes.begin() + static_cast<std::ptrdiff_t>(count);
    std::copy(in_->bytes.begin(), last, bytes.begin());
    in_->bytes.erase(in_->bytes.begin(), last);
    in_->changed.notify_all();
    return count;
  }

  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  std::shared_ptr<Channel> in_, out_;
  std::string name_;
};

}  // namespace

std::pair<std::unique_ptr<ITransport>, std::unique_ptr<ITransport>> make_pipe(
    const std::string& name, size_t capacity) {
  const auto there = std::make_shared<Channel>(capacity);
  const auto back = std::make_shared<Channel>(capacity);
  return {std::make_unique<PipeTransport>(back, there, name),
          std::make_unique<PipeTransport>(there, back, name)};
}

}  // namespace crucible::link
