#include "sim/apps/ready_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "models/error.hpp"

namespace crucible::sim {

ReadyFile::ReadyFile(std::string path, const std::string& content) : path_(std::move(path)) {
  const std::string draft = fmt::format("{}.{}", path_, ::getpid());
  std::ofstream file(draft);
  file << content << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(draft, path_, error);
  if (!file || error) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("cannot write the ready file '{}': check the folder and its rights", path_));
  }
}

ReadyFile::~ReadyFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace crucible::sim
