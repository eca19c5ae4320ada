// Tells other programs, in JSON, that the board is ready and where.
#pragma once

#include <string>

namespace crucible::sim {

/// A file that appears with its whole content and goes with the object.
class ReadyFile {
 public:
  /// Throws crucible::Error(kUsage) if the file cannot be written.
  ReadyFile(std::string path, const std::string& content);
  ~ReadyFile();
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

 private:
  std::string path_;
};

}  // namespace crucible::sim
