// One vector register of floats: lane i belongs to image i of a group. Private to
// models/float_twin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace crucible::models::lanes {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(4 * kLanes)));
typedef int32_t IntVec __attribute__((vector_size(4 * kLanes)));

/// Zeroed array of Vec or IntVec, aligned to one.
template <class T>
class Array {
 public:
  Array() = default;
  explicit Array(size_t count)
      : data_(static_cast<T*>(::operator new(count * sizeof(T), kAlign))), size_(count) {
    std::memset(static_cast<void*>(data_.get()), 0, count * sizeof(T));
  }
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  static constexpr std::align_val_t kAlign{sizeof(T)};
  struct Free {
    void operator()(T* data) const { ::operator delete(static_cast<void*>(data), kAlign); }
  };
  std::unique_ptr<T, Free> data_;
  size_t size_ = 0;
};

/// A vector's lanes as floats (GCC's vectors may alias their elements).
[[nodiscard]] inline float* floats(Vec* v) { return reinterpret_cast<float*>(v); }
[[nodiscard]] inline const float* floats(const Vec* v) { return reinterpret_cast<const float*>(v); }

[[nodiscard]] inline float sum_of_lanes(const Vec& v) {
  float sum = 0.0F;
  for (int lane = 0; lane < kLanes; ++lane) sum += v[lane];
  return sum;
}

}  // namespace crucible::models::lanes
