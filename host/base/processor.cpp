#include "host/base/processor.hpp"

namespace crucible {

std::string vector_instructions() {
#if defined(__x86_64__)
  std::string words;
  const auto add = [&](int there, const char* word) {
    if (there != 0) words += (words.empty() ? "" : " ") + std::string(word);
  };
  add(__builtin_cpu_supports("sse4.2"), "sse4.2");
  add(__builtin_cpu_supports("avx"), "avx");
  add(__builtin_cpu_supports("avx2"), "avx2");
  add(__builtin_cpu_supports("fma"), "fma");
  add(__builtin_cpu_supports("avx512f"), "avx512f");
  add(__builtin_cpu_supports("avx512bw"), "avx512bw");
  add(__builtin_cpu_supports("avx512vl"), "avx512vl");
  return words;
#else
  return "not known";
#endif
}

}  // namespace crucible
